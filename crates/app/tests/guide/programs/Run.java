import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Base64;

final class Run {
    public static void main(String[] asked) throws Exception {
        var lines = new BufferedReader(new InputStreamReader(System.in));
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            var one = line.split("\t", -1);
            var body = Base64.getDecoder().decode(one[3]);
            System.out.println(Verify.isGenuine(one[0], body, one[1], Long.parseLong(one[2])));
        }
    }
}
