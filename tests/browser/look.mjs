// Looks at pages and mails in a real Chromium and prints what is wrong with them, a line each; then the
// figures it measured. Exit status 1 where anything is wrong, 2 where it could not look.
//
//   node look.mjs JOB.json
//
// JOB: modules (folder with node_modules), chromium (program), site (origin that everything must come from),
// pages: [{name, address, mail (true: no part of the site, its images may be blocked)}], and, where pictures
// are wanted, pictures: [{page, file, width, height (without it: the whole page), scheme}].
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Looker } from './looker.mjs';
import { checkFirstView, checkLook, checkPrint, checkWithoutScript, checkWithoutImages } from './checks.mjs';

const kWidths = [360, 768, 1280];
const kSchemes = ['light', 'dark'];

const job = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const require = createRequire(pathToFileURL(job.modules + '/'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

async function lookAt(looker, page) {
  for (const width of kWidths) {
    for (const scheme of kSchemes) {
      await looker.look(page, { width, scheme }, (view) => checkLook(view, axe));
      if (page.mail) await looker.look(page, { width, scheme, images: false }, (view) => checkWithoutImages(view, axe));
    }
  }
  if (page.mail) return;
  await looker.look(page, { width: 360 }, checkFirstView);
  await looker.look(page, { width: 360, script: false }, checkWithoutScript);
  for (const scheme of kSchemes) await looker.look(page, { width: 794, scheme, print: true }, checkPrint);
}

async function takePicture(looker, { page, file, width, height, scheme }) {
  const of = job.pages.find((each) => each.name === page);
  await looker.look(of, { width, height, scheme }, async (view) => {
    const bytes = await view.page.screenshot({ path: file, fullPage: height === undefined });
    view.figure(`picture ${file.split('/').pop()}`, bytes.length);
    if (bytes.length >= 300_000) view.wrong(`the picture has ${bytes.length} bytes`);
  });
}

const browser = await chromium.launch({
  executablePath: job.chromium,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
const looker = new Looker(browser, job.site);
try {
  for (const page of job.pages) await lookAt(looker, page);
  for (const picture of job.pictures ?? []) await takePicture(looker, picture);
  console.log(`Chromium ${browser.version()}, ${looker.views} views`);
  for (const [what, bytes] of looker.figures) console.log(`${what}: ${bytes} bytes`);
  process.exitCode = looker.faults.length > 0 ? 1 : 0;
} catch (error) {
  console.log(`could not look: ${error.stack}`);
  process.exitCode = 2;
} finally {
  for (const line of looker.faults) console.log(`WRONG ${line}`);
  await browser.close();
}
