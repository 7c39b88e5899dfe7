import asyncio

from leadanalytics.explorer.delaying import Delayed


def test_a_burst_is_one_call():
    calls = []

    async def burst():
        delayed = Delayed(lambda: calls.append("called"), seconds=0.01)
        for change in range(5):
            delayed(change)
        assert not calls
        await asyncio.sleep(0.1)

    asyncio.run(burst())
    assert calls == ["called"]


def test_without_an_event_loop_the_call_is_made_at_once():
    calls = []
    Delayed(lambda: calls.append("called"), seconds=60)()
    assert calls == ["called"]
