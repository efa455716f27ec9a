"""What a video may cost, in money where the price is known and in calls in any case."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(slots=True)
class Budget:
    most_usd: Decimal
    most_calls: int
    spent_usd: Decimal = Decimal(0)
    dearest_usd: Decimal = Decimal(0)
    calls: int = 0

    def has_room(self) -> bool:
        """For one more call as dear as the dearest so far: the limit is kept, not passed and then noticed."""
        return self.calls < self.most_calls and self.spent_usd + self.dearest_usd <= self.most_usd

    def spend(self, cost: Decimal | None) -> None:
        self.calls += 1
        if cost is not None:
            self.spent_usd += cost
            self.dearest_usd = max(self.dearest_usd, cost)

    def state(self) -> dict[str, Any]:
        return {"spent": str(self.spent_usd), "dearest": str(self.dearest_usd), "calls": self.calls}

    def restore(self, state: Mapping[str, Any]) -> None:
        self.spent_usd = Decimal(state.get("spent", "0"))
        self.dearest_usd = Decimal(state.get("dearest", "0"))
        self.calls = int(state.get("calls", 0))
