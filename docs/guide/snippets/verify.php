<?php

const TOLERANCE_MS = 5 * 60 * 1000;

/** Whether this header signs exactly these bytes, and did so a moment ago. */
function is_genuine(string $header, string $rawBody, string $secret, ?int $nowMs = null): bool
{
    $nowMs ??= (int) (microtime(true) * 1000);
    if (!preg_match('~\At=(\d+),s=([A-Za-z0-9+/]+=*)\z~', $header, $parts)) {
        return false;
    }
    [, $t, $s] = $parts;
    if (abs($nowMs - (int) $t) > TOLERANCE_MS) {
        return false;
    }
    $expected = base64_encode(hash_hmac('sha256', "$t.$rawBody", $secret, true));
    return hash_equals($expected, $s);
}
