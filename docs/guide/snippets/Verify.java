import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

final class Verify {
    private static final long TOLERANCE_MS = 5 * 60 * 1000;
    private static final Pattern HEADER = Pattern.compile("t=([0-9]{1,18}),s=([A-Za-z0-9+/]+=*)");

    /** Whether this header signs exactly these bytes, and did so a moment ago. */
    static boolean isGenuine(String header, byte[] rawBody, String secret, long nowMs)
            throws GeneralSecurityException {
        var parts = HEADER.matcher(header);
        if (!parts.matches() || Math.abs(nowMs - Long.parseLong(parts.group(1))) > TOLERANCE_MS) {
            return false;
        }
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        mac.update((parts.group(1) + ".").getBytes(StandardCharsets.UTF_8));
        var expected = Base64.getEncoder().encode(mac.doFinal(rawBody));
        return MessageDigest.isEqual(expected, parts.group(2).getBytes(StandardCharsets.UTF_8));
    }
}
