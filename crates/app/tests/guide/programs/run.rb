require "#{ARGV[0]}/verify.rb"
$stdin.each_line(chomp: true) do |line|
  header, secret, now_ms, body = line.split("\t", -1)
  puts genuine?(header, body.unpack1("m0"), secret, now_ms.to_i)
end
