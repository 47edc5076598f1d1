"""Runs a class of tests, those whose names contain one of the arguments, and closes with the line that xtask reads."""

import sys
import unittest


def run(case):
    loader = unittest.TestLoader()
    loader.testNamePatterns = [f"*{pattern}*" for pattern in sys.argv[1:]] or None
    result = unittest.TextTestRunner(verbosity=2).run(loader.loadTestsFromTestCase(case))
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed - len(result.skipped)} passed, {failed} failed")
    sys.exit(0 if result.wasSuccessful() else 1)
