"""The shop of the exceptions' tests, for the commands that correct and reprocess."""

import pytest

from ..conftest import MakePipeline
from ..exceptions.conftest import Call, Shop, call, make_shop

__all__ = ["Call", "call"]


@pytest.fixture(scope="module")
def shop(make_pipeline: MakePipeline) -> Shop:
    return make_shop(make_pipeline)
