"""The page: claims, ratings and reasons as one self-contained HTML file. It prints records' figures and computes none.

Charts are drawn at build time with drawsvg (MIT), as inline SVG. Why drawsvg: a waterfall, a chain tree and a density
need rectangles, lines and text, no plotting system. It is pure Python, 0.4 MB, pulls in nothing, releases since 2017
(2.4.2 in 2026), keeps the order in which things were added, makes no random ids, and a chart is 1 to 2 kB. Weighed
against it: matplotlib (30 MB with what it pulls in, 15 to 40 kB a chart, text as outlines unless told otherwise), pygal
(LGPL, 10 kB of style and script in each chart, a link to a script on the network), plotly and Vega-Altair (megabytes of
JavaScript in the page, nothing without it), svgwrite (no longer developed). 7,000 claims at 20 kB a chart would be 280
MB. What drawsvg doesn't do is to escape attributes: `canvas` lets only numbers and safe words through.

Markup is made by Jinja2 (BSD) with autoescape, StrictUndefined, and a finalizer that shows unseen characters as escapes.
"""
