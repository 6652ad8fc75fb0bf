"""How many wrong passwords are too many, and for how long. Pure; the attempts are passed in.

Three limits, so that neither a forgetful deputy nor a patient stranger gets far:

* a pair (account, address): few attempts, a short wait;
* an address over all accounts: a school behind one address may err now and then, a robot may not;
* an account from addresses unknown to it: a stranger who guesses from everywhere stops *strangers*,
  while its owner still gets in from where they have signed in before.

Every wait ends by itself, and attempts during a wait are not counted: nobody stays locked out because
somebody goes on knocking.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Limit:
    """So many attempts within the window close the door for the length of the window."""

    attempts: int
    window: timedelta

    def closed_until(self, moments: Iterable[datetime], now: datetime) -> datetime | None:
        """Return when the door opens again, None while it is open."""
        recent = sorted(moment for moment in moments if now - self.window < moment <= now)
        if len(recent) < self.attempts:
            return None
        # Open again once so many of them are past that too few are left.
        return recent[-self.attempts] + self.window


PAIR = Limit(5, timedelta(minutes=15))
ADDRESS = Limit(40, timedelta(minutes=15))
ACCOUNT = Limit(20, timedelta(hours=1))
LONGEST = max(limit.window for limit in (PAIR, ADDRESS, ACCOUNT))
# An address is known to an account that signed in from it within this time.
KNOWN_FOR = timedelta(days=90)


@dataclass(frozen=True)
class Attempt:
    """One failed attempt to sign in."""

    email: str
    address: str | None
    at: datetime


def closed_until(
    attempts: Iterable[Attempt], *, email: str, address: str | None, is_known: bool, now: datetime
) -> datetime | None:
    """Return when this account may be tried again from this address, None when it may be now.

    ``attempts`` are the failures of the last hour of the account or of the address; ``is_known``
    tells whether the account has signed in from the address before.
    """
    attempts = list(attempts)
    own = [one for one in attempts if one.email == email]
    waits = [PAIR.closed_until((one.at for one in own if one.address == address), now)]
    if address is not None:
        waits.append(ADDRESS.closed_until((one.at for one in attempts if one.address == address), now))
    if not is_known:
        waits.append(ACCOUNT.closed_until((one.at for one in own), now))
    return max((wait for wait in waits if wait is not None), default=None)
