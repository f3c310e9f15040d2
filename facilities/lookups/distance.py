"""Great-circle distance inside a query, the same figure as `facilities.routes.distance_km`."""

from django.db.models import ExpressionWrapper, F, FloatField, Value
from django.db.models.functions import ACos, Cos, Greatest, Least, Radians, Sin

from facilities.routes import EARTH_RADIUS_KM


def distance_from(lat: float, lon: float, prefix: str = "") -> ExpressionWrapper:
    """Kilometres between a point in degrees and the row's `lat`, `lon`; NULL where the row has none."""
    here, there = Radians(Value(lat)), Radians(F(f"{prefix}lat"))
    turn = Radians(F(f"{prefix}lon")) - Radians(Value(lon))
    cosine = Sin(here) * Sin(there) + Cos(here) * Cos(there) * Cos(turn)
    # GREATEST and LEAST pass over NULL, so a row without a position is told apart by adding its latitude's zero.
    clamped = Least(Value(1.0), Greatest(Value(-1.0), cosine)) + F(f"{prefix}lat") * Value(0.0)
    return ExpressionWrapper(ACos(clamped) * Value(EARTH_RADIUS_KM), output_field=FloatField())
