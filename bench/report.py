"""What a bench found, as rows of one table."""


class Row:
    """A figure, and the one that is wanted: `most` or `least`, or neither for what is only told."""

    def __init__(self, what, value, unit, most=None, least=None, digits=1):
        self.what, self.value, self.unit, self.digits = what, value, unit, digits
        self.most, self.least = most, least

    def met(self):
        if self.most is not None:
            return self.value <= self.most
        return self.least is None or self.value >= self.least

    def cells(self):
        wanted, verdict = "", ""
        if self.most is not None or self.least is not None:
            wanted = f"<= {self.most:g}" if self.most is not None else f">= {self.least:g}"
            verdict = "met" if self.met() else "MISSED"
        return [self.what, f"{self.value:.{self.digits}f} {self.unit}".strip(), wanted, verdict]


def show(rows):
    table = [["figure", "measured", "wanted", ""]] + [row.cells() for row in rows]
    widths = [max(len(line[column]) for line in table) for column in range(4)]
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())
