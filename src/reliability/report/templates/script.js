'use strict';
(() => {
  const $ = (id) => document.getElementById(id);
  const table = $('claims');
  const reveal = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id && $(id);
    if (!target) return;
    let opened = false;
    for (let at = target; at; at = at.parentElement) {
      if (at.localName === 'details' && !at.open) { at.open = true; opened = true; }
    }
    if (opened) target.scrollIntoView();
  };
  addEventListener('hashchange', reveal);
  document.addEventListener('click', (event) => {
    const link = event.target.closest && event.target.closest('a[href^="#"]');
    if (link && link.hash === location.hash) reveal();
  });
  reveal();

  let shut = [];
  addEventListener('beforeprint', () => {
    shut = [...document.querySelectorAll('details:not([open])')];
    for (const one of shut) one.open = true;
  });
  addEventListener('afterprint', () => { for (const one of shut) one.open = false; });

  addEventListener('keydown', (event) => {
    if (event.key === 'Escape') document.documentElement.classList.add('nt');
  });
  for (const kind of ['focusin', 'mouseout']) {
    addEventListener(kind, () => document.documentElement.classList.remove('nt'));
  }

  const fold = $('fold');
  if (fold) {
    fold.hidden = false;
    fold.addEventListener('click', (event) => {
      const open = event.target.dataset.open;
      if (open === undefined) return;
      for (const one of document.querySelectorAll('.k > details')) one.open = open === '1';
    });
  }

  if (!table) return;
  const body = table.tBodies[0];
  const rows = [...body.rows].map((tr, at) => {
    const cells = [...tr.cells].map((cell) => cell.textContent);
    const data = tr.querySelector('data');
    return { tr, at, cells, p: Number(data.value), flags: cells[6].split(', '), text: cells.join(' ').toLowerCase() };
  });
  const levels = ['low', 'moderate', 'high'];
  const options = (select, values) => {
    for (const value of values) {
      const option = document.createElement('option');
      option.textContent = value;
      select.append(option);
    }
  };
  const byWord = new Map();
  for (const row of rows) if (!byWord.has(row.cells[4])) byWord.set(row.cells[4], row.p);
  options($('word'), [...byWord.keys()].sort((a, b) => byWord.get(b) - byWord.get(a)));
  options($('conf'), levels.filter((level) => rows.some((row) => row.cells[5] === level)));
  options($('flag'), [...new Set(rows.flatMap((row) => row.flags))].filter(Boolean).sort());
  const filter = () => {
    const needles = $('find').value.toLowerCase().split(/\s+/).filter(Boolean);
    const word = $('word').value, conf = $('conf').value, flag = $('flag').value;
    let shown = 0;
    for (const row of rows) {
      const yes = needles.every((needle) => row.text.includes(needle)) && (!word || row.cells[4] === word)
        && (!conf || row.cells[5] === conf) && (!flag || row.flags.includes(flag));
      row.tr.hidden = !yes;
      if (yes) shown += 1;
    }
    $('count').textContent = `${shown} of ${rows.length} claims`;
  };
  $('controls').hidden = false;
  for (const id of ['find', 'word', 'conf', 'flag']) $(id).addEventListener('input', filter);
  filter();

  const collator = new Intl.Collator('en', { numeric: true });
  const orders = {
    n: () => (a, b) => a.at - b.at,
    p: () => (a, b) => a.p - b.p,
    c: (column) => (a, b) => levels.indexOf(a.cells[column]) - levels.indexOf(b.cells[column]),
    t: (column) => (a, b) => collator.compare(a.cells[column], b.cells[column]),
  };
  [...table.tHead.rows[0].cells].forEach((th, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...th.childNodes);
    th.append(button);
    button.addEventListener('click', () => {
      const first = 'pc'.includes(th.dataset.k) ? 'descending' : 'ascending';
      const other = first === 'ascending' ? 'descending' : 'ascending';
      const way = th.getAttribute('aria-sort') === first ? other : first;
      for (const one of th.parentElement.cells) one.removeAttribute('aria-sort');
      th.setAttribute('aria-sort', way);
      const order = orders[th.dataset.k](column);
      const sign = way === 'ascending' ? 1 : -1;
      rows.sort((a, b) => sign * order(a, b) || a.at - b.at);
      body.append(...rows.map((row) => row.tr));
    });
  });
  table.tHead.rows[0].cells[0].setAttribute('aria-sort', 'ascending');
  table.classList.add('js');
})();
