"""How much may be spent on models in a day, per user and in all; over it, the offline engine answers."""

from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from apps.api.asking.engine import Spent
from apps.db.access import Actor
from apps.db.models import Exchange
from llm.prices import dearest
from llm.results import Tokens


def has_budget() -> bool:
    in_all, each = settings.PROMPT_DAILY_BUDGET_USD, settings.PROMPT_DAILY_BUDGET_PER_USER_USD
    return in_all is not None or each is not None


def counted(spent: Spent) -> Decimal:
    """What is written down. Where a budget has to hold, a model without a price is the dearest that is known:
    counted as nothing, it would never end."""
    if spent.cost_usd is not None:
        return spent.cost_usd
    if not has_budget():
        return Decimal(0)
    tokens = Tokens(
        spent.input_tokens, spent.output_tokens, spent.cache_read_tokens, spent.cache_write_tokens
    )
    return dearest().cost(tokens)


def over_budget(actor: Actor, *, now: datetime | None = None) -> bool:
    """Days are those of UTC, for everybody the same."""
    in_all, each = settings.PROMPT_DAILY_BUDGET_USD, settings.PROMPT_DAILY_BUDGET_PER_USER_USD
    if not has_budget():
        return False
    midnight = (now or timezone.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    today = Exchange.objects.filter(created_at__gte=midnight)
    if in_all is not None and _spent(today) >= in_all:
        return True
    return each is not None and _spent(today.filter(owner=actor.user_id)) >= each


def _spent(exchanges) -> Decimal:
    return exchanges.aggregate(total=Sum("cost_usd"))["total"] or Decimal(0)
