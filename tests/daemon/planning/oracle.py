"""Prints what Python's zoneinfo says about local times around every change of 48 zones, 2000 to 2060.

Lines, tab-separated:
  O zone epoch offset                       the offset at an instant
  L zone date second-of-day epoch           the instant of a wall time (gap: offset before it; fold: first)
  N zone schedule after epoch epoch epoch   the next three instants, dates counted one by one
"""
import datetime as dt
import sys
import zoneinfo

ZONES = """Africa/Cairo Africa/Casablanca Africa/El_Aaiun Africa/Johannesburg Africa/Lagos Africa/Windhoek
America/Adak America/Anchorage America/Asuncion America/Caracas America/Chicago America/Denver
America/Edmonton America/Halifax America/Havana America/Los_Angeles America/Mexico_City America/Miquelon
America/New_York America/Nuuk America/Santiago America/Sao_Paulo America/Scoresbysund America/St_Johns
America/Vancouver Antarctica/Casey Antarctica/Troll Asia/Amman Asia/Gaza Asia/Jerusalem Asia/Kathmandu
Asia/Kolkata Asia/Pyongyang Asia/Tehran Asia/Tokyo Atlantic/Azores Australia/Lord_Howe Australia/Sydney
Europe/Dublin Europe/Istanbul Europe/London Europe/Moscow Pacific/Apia Pacific/Auckland Pacific/Chatham
Pacific/Easter Pacific/Fakaofo US/Eastern""".split()
EPOCH = dt.datetime(1970, 1, 1)
START = (dt.datetime(2000, 1, 1) - EPOCH) // dt.timedelta(seconds=1)
END = (dt.datetime(2060, 1, 1) - EPOCH) // dt.timedelta(seconds=1)
DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
lines = []


def offset(zone, epoch):
    at = dt.datetime.fromtimestamp(epoch, dt.timezone.utc).astimezone(zone)
    return int(at.utcoffset().total_seconds())


def changes(zone):
    step = 4 * 86400
    before = offset(zone, START)
    for epoch in range(START, END, step):
        after = offset(zone, epoch + step)
        if after == before:
            continue
        low, high = epoch, epoch + step
        while high - low > 1:
            middle = (low + high) // 2
            if offset(zone, middle) == before:
                low = middle
            else:
                high = middle
        yield high, before, after
        before = after


def instant(zone, wall):
    offset_there = wall.replace(tzinfo=zone).utcoffset()
    return (wall - EPOCH - offset_there) // dt.timedelta(seconds=1)


def local(name, zone, wall):
    second = wall.hour * 3600 + wall.minute * 60 + wall.second
    lines.append(f"L\t{name}\t{wall.date()}\t{second}\t{instant(zone, wall)}")


def following(name, zone, wall, after):
    """Three instants of the weekly schedule at this weekday and minute."""
    date = wall.date() - dt.timedelta(days=28)
    found = []
    while len(found) < 3:
        if date.weekday() == wall.weekday():
            at = instant(zone, dt.datetime.combine(date, wall.time()))
            if at > after:
                found.append(at)
        date += dt.timedelta(days=1)
    text = f"{DAYS[wall.weekday()]} {wall:%H:%M}"
    lines.append("\t".join(["N", name, text, str(after)] + [str(at) for at in found]))


for name in ZONES:
    zone = zoneinfo.ZoneInfo(name)
    for year in range(2000, 2060, 6):
        local(name, zone, dt.datetime(year, 1, 7, 8))
        local(name, zone, dt.datetime(year, 7, 7, 8))
    for at, before, after in changes(zone):
        for epoch in (at - 1, at, at + 1, at + 86400):
            lines.append(f"O\t{name}\t{epoch}\t{offset(zone, epoch)}")
        edges = sorted((at + before, at + after))
        middle = (edges[0] + edges[1]) // 2
        days = (middle - 86400, middle + 86400)
        for second in (edges[0] - 1, edges[0], middle, edges[1] - 1, edges[1], *days):
            local(name, zone, EPOCH + dt.timedelta(seconds=second))
        wall = EPOCH + dt.timedelta(seconds=middle // 60 * 60)
        following(name, zone, wall, at - 10 * 86400)
        following(name, zone, wall, instant(zone, wall))
sys.stdout.write("\n".join(lines) + "\n")
