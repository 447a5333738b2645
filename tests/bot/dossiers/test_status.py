from bot.dossiers.status import Status


def test_the_clock_stands_still_in_three_states() -> None:
    assert {status.value for status in Status if status.clock_stopped} == {5, 6, 8}


def test_the_end_and_almost_the_end() -> None:
    assert {status.value for status in Status if status.final} == {3, 7, 10}
    assert {status.value for status in Status if status.settled} == {3, 7, 9, 10}


def test_each_has_its_national_number_and_name() -> None:
    assert [status.value for status in Status] == list(range(1, 11))
    assert Status(5).official == "Yêu cầu bổ sung giấy tờ"
