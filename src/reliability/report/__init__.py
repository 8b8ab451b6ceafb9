"""The page: claims, ratings and reasons as one self-contained HTML file. It prints records' figures and computes none.

Charts are drawn at build time with drawsvg (MIT), as inline SVG. Why drawsvg: a waterfall, a chain tree and a density
need rectangles, lines and text, no plotting system. It is pure Python, 0.4 MB, pulls in nothing, has had releases since
2017 (2.4.2 in August 2026), keeps the order in which things were added, makes no random ids, and a chart of three bars
is 1 kB. Weighed against it, with the same three bars: matplotlib 3.11 (6.6 kB, 17 kB with its default of text as
outlines; some 100 MB installed), pygal 3.1 (15 kB, LGPL, each chart with a script and a link to one on the network),
svgwrite (calls itself inactive; last release 2022), plotly and Vega-Altair (a script of megabytes in the page, nothing
without it). What drawsvg doesn't do is to escape attributes: `canvas` lets only numbers and safe words through.

Markup is made by Jinja2 (BSD) with autoescape, StrictUndefined, and a finalizer that shows unseen characters as
escapes.
"""
