<?php
require "$argv[1]/verify.php";
while (($line = fgets(STDIN)) !== false) {
    [$header, $secret, $nowMs, $body] = explode("\t", rtrim($line, "\n"));
    echo var_export(is_genuine($header, base64_decode($body), $secret, (int) $nowMs), true), "\n";
}
