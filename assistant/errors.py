"""What can go wrong between a question and its answer.

AssistantError
├── QuestionEmpty      nothing was asked
├── QuestionTooLong    more than a question
└── ModelError         the language model did not serve; the archive's own words still answer
    ├── ModelUnavailable  not installed, not reachable or refusing
    └── ModelMisset       the setting names no model
"""


class AssistantError(Exception):
    """Something about a question or its answering that a person can act on."""


class QuestionEmpty(AssistantError):
    """Nothing was asked."""


class QuestionTooLong(AssistantError):
    """More text than a question has."""


class ModelError(AssistantError):
    """The language model did not serve."""


class ModelUnavailable(ModelError):
    """The model is not reachable, answers with an error or too slowly."""


class ModelMisset(ModelError):
    """The model's setting cannot be used: unknown provider, missing package, missing key."""
