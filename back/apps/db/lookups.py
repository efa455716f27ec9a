"""`location__without_spaces__icontains`: 주류코너 finds 주류 코너."""

from django.db.models import CharField, TextField, Transform


@CharField.register_lookup
@TextField.register_lookup
class WithoutSpaces(Transform):
    lookup_name = "without_spaces"
    template = "replace(%(expressions)s, ' ', '')"
    output_field = TextField()
