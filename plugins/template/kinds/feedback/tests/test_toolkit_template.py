import toolkit_template

from toolkit.plugins.registry import Registry
from toolkit.testing import FeedbackContract


class TestTemplate(FeedbackContract):
    feedback = toolkit_template.TemplateFeedback()


def test_the_plugin_registers_the_feedback_strategy():
    registry = Registry()
    registry.add(toolkit_template)
    assert list(registry.feedbacks) == ["template"]
