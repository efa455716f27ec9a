"""How much may be spent on models in a day, per user and in all; over it, the offline engine answers."""

from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from apps.db.access import Actor
from apps.db.models import Exchange


def over_budget(actor: Actor, *, now: datetime | None = None) -> bool:
    """Days are those of UTC, for everybody the same."""
    in_all, each = settings.PROMPT_DAILY_BUDGET_USD, settings.PROMPT_DAILY_BUDGET_PER_USER_USD
    if in_all is None and each is None:
        return False
    midnight = (now or timezone.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    today = Exchange.objects.filter(created_at__gte=midnight)
    if in_all is not None and _spent(today) >= in_all:
        return True
    return each is not None and _spent(today.filter(owner=actor.user_id)) >= each


def _spent(exchanges) -> Decimal:
    return exchanges.aggregate(total=Sum("cost_usd"))["total"] or Decimal(0)
