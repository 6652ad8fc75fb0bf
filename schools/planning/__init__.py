"""What is pure about plans: grades, months, totals against norms, the forecast. No database, no clock."""
