require "openssl"

TOLERANCE_MS = 5 * 60 * 1000

# Whether this header signs exactly these bytes, and did so a moment ago.
def genuine?(header, raw_body, secret, now_ms = (Time.now.to_f * 1000).to_i)
  parts = /\At=(\d+),s=([A-Za-z0-9+\/]+=*)\z/.match(header)
  return false if parts.nil? || (now_ms - parts[1].to_i).abs > TOLERANCE_MS

  expected = [OpenSSL::HMAC.digest("SHA256", secret, "#{parts[1]}.".b + raw_body.b)].pack("m0")
  OpenSSL.secure_compare(expected, parts[2])
end
