# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Plots of results: a PDF page with the fluxes over time, written without a library for plots."""

__all__ = ["make_plot"]

LEFT, BOTTOM, WIDTH, HEIGHT = 60.0, 60.0, 480.0, 300.0  # of the frame, in points
PAGE_SIZE = "600 420"
RADIUS = 1.5  # of a point
COLOURS = {"c": "0 0.6 0.7", "o": "1 0.5 0"}


def make_plot(rows):
    """Return the PDF of the rows of a result, of which there is at least one."""
    times, fluxes = ([float(row[name]) for row in rows] for name in ("MJD", "uJy"))
    x, y = _scale(times, LEFT, WIDTH), _scale(fluxes, BOTTOM, HEIGHT)
    points = [
        f"{COLOURS.get(row['F'], '0 0 0')} rg {a - RADIUS:.1f} {b - RADIUS:.1f} {2 * RADIUS} {2 * RADIUS} re f"
        for row, a, b in zip(rows, x, y, strict=True)
    ]
    label = f"MJD {min(times):.2f} to {max(times):.2f}; {min(fluxes):.0f} to {max(fluxes):.0f} uJy"
    text = f"0 g BT /F1 10 Tf {LEFT} {BOTTOM - 20} Td ({label}) Tj ET"
    return _to_pdf("\n".join([f"{LEFT} {BOTTOM} {WIDTH} {HEIGHT} re S", *points, text]).encode())


def _scale(values, start, length):
    low, high = min(values), max(values)
    return [start + length * ((value - low) / (high - low) if high > low else 0.5) for value in values]


def _to_pdf(drawing):
    """Return a PDF of one page: its objects, and the table of where each begins."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE_SIZE}] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>".encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    content, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return content + f"{end}startxref\n{len(content)}\n%%EOF\n".encode()
