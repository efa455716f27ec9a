"""Where something will be: a Kalman filter of place and speed, one for each direction."""

from dataclasses import dataclass


@dataclass(slots=True)
class Moving:
    """Place and speed on one axis, with how sure we are of each; lengths are of whatever unit is put in."""

    place: float
    speed: float = 0.0
    of_place: float = 0.0
    of_both: float = 0.0
    of_speed: float = 0.0

    def ahead(self, seconds: float) -> float:
        return self.place + self.speed * seconds

    def predict(self, seconds: float, *, change: float) -> None:
        """`change` is how much speed may change in a second."""
        self.place += self.speed * seconds
        noise = change * change
        self.of_place += (
            2 * seconds * self.of_both + seconds * seconds * self.of_speed + noise * seconds**4 / 4
        )
        self.of_both += seconds * self.of_speed + noise * seconds**3 / 2
        self.of_speed += noise * seconds * seconds

    def correct(self, seen: float, *, wobble: float) -> None:
        """`wobble` is how far off a sighting may be."""
        doubt = self.of_place + wobble * wobble
        of_place, of_speed = self.of_place / doubt, self.of_both / doubt
        off = seen - self.place
        self.place += of_place * off
        self.speed += of_speed * off
        self.of_speed -= of_speed * self.of_both
        self.of_both -= of_place * self.of_both
        self.of_place -= of_place * self.of_place

    def as_list(self) -> list[float]:
        values = (self.place, self.speed, self.of_place, self.of_both, self.of_speed)
        return [round(value, 6) for value in values]


def begun(place: float, *, wobble: float, speed: float) -> Moving:
    """`speed` is how fast something new may be."""
    return Moving(place, 0.0, wobble * wobble, 0.0, speed * speed)
