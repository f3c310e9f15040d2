"""The tests. What they share states with `assert` too, and says as much when it fails."""

import pytest

pytest.register_assert_rewrite("tests.browser", "tests.integration")
