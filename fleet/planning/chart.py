"""The forecast as a picture: geometry in a box of 0 to 1000 by 0 to 400, drawn by the template as inline SVG."""

from __future__ import annotations

from dataclasses import dataclass

from fleet.planning.rules.forecast import Forecast

WIDTH, HEIGHT = 1000, 400


@dataclass(frozen=True)
class Chart:
    """`ready` is the line and `area` the ground beneath it; `gap` the box between what is ready and what is needed on
    the first day, empty without one; `steps` are the numbers beside the grid, highest first."""

    ready: str
    area: str
    need_y: float
    gap: tuple[float, float, float, float] | None
    steps: tuple[int, ...]
    lines: tuple[float, ...]


def chart(forecast: Forecast) -> Chart:
    """A step for each day on which the number changes: tablets become ready on a day, not gradually."""
    top = _top(max([forecast.wanted.need, *(point.ready for point in forecast.points)]))
    first = forecast.points[0].day
    days = max(1, (forecast.day - first).days)

    def x(place: int) -> float:
        return round((forecast.points[place].day - first).days / days * (WIDTH - _LAST) if days else 0, 1)

    def y(count: int) -> float:
        return round(HEIGHT - count / top * HEIGHT, 1)

    corners = [(0.0, y(forecast.points[0].ready))]
    for place, point in enumerate(forecast.points[1:], 1):
        corners += [(x(place), corners[-1][1]), (x(place), y(point.ready))]
    corners.append((float(WIDTH), corners[-1][1]))
    line = " ".join(f"{across:g},{down:g}" for across, down in corners)
    box = (float(WIDTH - _LAST), y(forecast.wanted.need), float(_LAST), y(forecast.ready) - y(forecast.wanted.need))
    steps = tuple(top * part // 4 for part in (4, 3, 2, 1, 0))
    return Chart(
        ready=line,
        area=f"0,{HEIGHT} {line} {WIDTH},{HEIGHT}",
        need_y=y(forecast.wanted.need),
        gap=box if forecast.short else None,
        steps=steps,
        lines=tuple(y(step) for step in steps),
    )


_LAST = 120
"""The width of the first day itself, at the right edge, so that its number can be seen."""


def _top(most: int) -> int:
    """The next number above that divides by four."""
    return max(4, -(-most // 4) * 4)
