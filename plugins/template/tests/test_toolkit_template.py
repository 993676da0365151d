import numpy as np
import toolkit_template

from toolkit.plugins.registry import Registry
from toolkit.testing import RankerContract, snapshot


class TestTemplate(RankerContract):
    ranker = toolkit_template.TemplateRanker()
    subject = 0.5

    def test_whole_pictures_come_first_when_all_of_the_picture_is_asked_for(self):
        small = snapshot()
        np.testing.assert_array_equal(self.rank(small, 1.0) == 1, small.rows.whole)


def test_the_plugin_registers_the_term():
    registry = Registry()
    registry.add(toolkit_template)
    assert list(registry.rankers) == ["template"]
