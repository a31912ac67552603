import pytest

from extractor.normalizers import null_alias, read_bool


@pytest.mark.parametrize("text", ["Yes", "yes.", "TRUE", "y", " true "])
def test_a_plain_yes_is_true(text: str) -> None:
    assert read_bool(text) is True


@pytest.mark.parametrize("text", ["No", "FALSE", "n", "no."])
def test_a_plain_no_is_false(text: str) -> None:
    assert read_bool(text) is False


@pytest.mark.parametrize(
    "text", ["The answer is true or false", "Yes, unless terminated", "", "1", "not applicable"]
)
def test_a_sentence_is_neither_yes_nor_no(text: str) -> None:
    assert read_bool(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *("N/A", "N / A", "null", "None", "-", "\u2014", "", "Not applicable."),
        *("<null/>", "not_found", "N/A (not specified)"),
        *('""', "''", "no value", "Not in the document."),
    ],
)
def test_nothing_is_absent(text: str) -> None:
    assert null_alias(text) == "absent"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "TBD",
            "None specified",
            "[Not Specified]",
            "unknown",
            "____",
            "[\u25cf]",
            ". _ .",
            "_._",
        ),
        *(
            "Not mentioned in the document.",
            "The contract does not specify.",
            "This text is silent",
            "The contract does not specify a governing law.",
            "No governing law stated",
            "Not explicitly stated",
            "NOT_SPECIFIED",
            "Information not available",
            "Cannot be determined",
        ),
    ],
)
def test_what_is_left_open_is_unspecified(text: str) -> None:
    assert null_alias(text) == "unspecified"


@pytest.mark.parametrize(
    "text",
    [
        *("nil", "no", "0", "Delaware", "None of the parties", "NA Corp.", "Silent Corp."),
        *("No notice is required", "The agreement does not provide for renewal"),
        "None (see Annex)",
    ],
)
def test_a_value_is_no_alias_of_nothing(text: str) -> None:
    assert null_alias(text) is None
