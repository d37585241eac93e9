// The report in a real browser: axe-core finds nothing at three widths in both themes, rows open and closed; nothing is requested;
// nothing is wider than the screen. Usage: node report.mjs REPORT.html… [--shots DIR]
import {chromium} from 'playwright-core';
import {createRequire} from 'node:module';
import {pathToFileURL} from 'node:url';
import {mkdirSync, readFileSync} from 'node:fs';
import {basename, dirname, resolve} from 'node:path';

const require = createRequire(import.meta.url);
// Evaluated, not put in as an element: a page whose policy allows no script is tested too.
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const args = process.argv.slice(2);
const shotsAt = args.indexOf('--shots');
const shots = shotsAt >= 0 ? args.splice(shotsAt, 2)[1] : null;
if (shots) mkdirSync(shots, {recursive: true});

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
let passed = 0, failed = 0;
function check(what, good, detail = '') {
  if (good) { passed++; return; }
  failed++;
  console.log(`FAILED ${what}${detail ? ': ' + detail : ''}`);
}

for (const file of args) {
  const name = basename(dirname(resolve(file))) + '-' + basename(file, '.html');
  for (const width of [360, 390, 1280]) {
    for (const scheme of ['light', 'dark']) {
      const page = await browser.newPage({viewport: {width, height: 800}, colorScheme: scheme});
      const requests = [];
      page.on('request', r => requests.push(r.url()));
      const errors = [];
      page.on('pageerror', e => errors.push(String(e)));
      await page.goto(pathToFileURL(resolve(file)).href);
      const where = `${name} ${width} ${scheme}`;
      check(`${where}: one request, the file itself`, requests.length === 1, requests.slice(1).join(' '));
      check(`${where}: no script error`, errors.length === 0, errors.join(' '));
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      check(`${where}: nothing wider than the screen`, wide <= 0, `${wide} px`);
      check(`${where}: one h1`, await page.locator('h1').count() === 1);
      if (shots) {
        await page.screenshot({path: `${shots}/${name}-${width}-${scheme}.png`});
        if (width !== 360) await page.screenshot({path: `${shots}/${name}-${width}-${scheme}-full.png`, fullPage: true});
      }
      await page.evaluate(axe);
      for (const open of [false, true]) {
        await page.evaluate(o => document.querySelectorAll('details').forEach(d => { d.open = o; }), open);
        const found = await page.evaluate(async () => {
          const r = await globalThis.axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']});
          return r.violations.map(v => `${v.id} (${v.nodes.length}): ${v.nodes[0].target} ${v.nodes[0].failureSummary?.split('\n')[1] ?? ''}`);
        });
        check(`${where}, rows ${open ? 'open' : 'closed'}: axe-core finds nothing`, found.length === 0, found.join('; '));
      }
      await page.close();
    }
  }
  if (shots) {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(resolve(file)).href);
    await page.pdf({path: `${shots}/${name}.pdf`, preferCSSPageSize: true});
    await page.close();
  }
}
await browser.close();
console.log(`browser: ${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
