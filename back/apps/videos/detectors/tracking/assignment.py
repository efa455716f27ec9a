"""Which row goes with which column so that the whole costs least: the Hungarian method, with potentials."""

import numpy as np

IMPOSSIBLE = 1e6


def assign(costs: np.ndarray) -> list[tuple[int, int]]:
    """Pairs of row and column, in the order of rows. Pairs that cost IMPOSSIBLE or more are left out."""
    if 0 in costs.shape:
        return []
    # Rows are placed one after the other: the fewer of them, the less work.
    turned = costs.shape[0] > costs.shape[1]
    table = np.minimum(np.asarray(costs.T if turned else costs, float), IMPOSSIBLE)
    row_of = _place(table)
    pairs = [
        (row, column) for column, row in enumerate(row_of) if row >= 0 and table[row, column] < IMPOSSIBLE
    ]
    return sorted((column, row) for row, column in pairs) if turned else sorted(pairs)


def _place(table: np.ndarray) -> np.ndarray:
    """For each column its row, or -1."""
    rows, columns = table.shape
    of_rows, of_columns = np.zeros(rows), np.zeros(columns)
    row_of = np.full(columns, -1)
    for start in range(rows):
        row, last = start, -1
        shortest = np.full(columns, np.inf)
        before = np.full(columns, -1)
        done = np.zeros(columns, bool)
        while True:
            step = table[row] - of_rows[row] - of_columns
            better = ~done & (step < shortest)
            shortest[better], before[better] = step[better], last
            column = int(np.where(done, np.inf, shortest).argmin())
            least = shortest[column]
            of_rows[start] += least
            of_rows[row_of[done]] += least
            of_columns[done] -= least
            shortest[~done] -= least
            done[column], last = True, column
            if row_of[column] < 0:
                break
            row = int(row_of[column])
        while last >= 0:
            earlier = int(before[last])
            row_of[last] = row_of[earlier] if earlier >= 0 else start
            last = earlier
    return row_of
