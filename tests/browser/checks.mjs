// What every page and mail has to stand up to. Each check tells the view what is wrong.

const kFirstView = 50_000;   // bytes before the images, as served
const kMail = 102_000;       // bytes of HTML from which mailboxes cut a mail off
const kPrintedPages = 6;
const kRules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

async function checkRules(view, axe) {
  await view.page.evaluate(axe);
  // A mail is shown inside of a page of somebody else's, which has the landmarks.
  const tags = view.of.mail ? kRules.filter((tag) => tag !== 'best-practice') : kRules;
  const result = await view.page.evaluate((values) => window.axe.run(document, {
    runOnly: { type: 'tag', values },
    resultTypes: ['violations'],
  }), tags);
  if (result.passes.length < 10) view.wrong(`only ${result.passes.length} rules could be applied`);
  for (const violation of result.violations) {
    for (const node of violation.nodes) {
      view.wrong(`axe ${violation.id}: ${node.target.join(' ')}: ${node.failureSummary.replaceAll(/\s+/g, ' ')}`);
    }
  }
}

async function checkWidth(view) {
  const { width, sight, out } = await view.page.evaluate(() => {
    const sight = window.innerWidth;
    const beyond = [...document.body.querySelectorAll('*')].filter((each) => each.getBoundingClientRect().right > sight);
    return {
      width: document.scrollingElement.scrollWidth,
      sight,
      out: beyond.slice(0, 3).map((each) => each.outerHTML.slice(0, 60)),
    };
  });
  if (width > sight) view.wrong(`is ${width} px wide: ${out.join(' ')}`);
}

async function checkWords(view) {
  const { language, title, levels } = await view.page.evaluate(() => ({
    language: document.documentElement.lang,
    title: document.title.trim(),
    levels: [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((each) => Number(each.localName[1])),
  }));
  if (!/^[a-z]{2}/.test(language)) view.wrong(`has the language "${language}"`);
  if (title.length < 3) view.wrong(`has the title "${title}"`);
  if (levels.filter((level) => level === 1).length !== 1 || levels[0] !== 1) view.wrong(`headings ${levels}`);
  levels.forEach((level, at) => {
    if (at > 0 && level > levels[at - 1] + 1) view.wrong(`a heading skips a level: ${levels}`);
  });
}

async function checkImages(view) {
  const images = await view.page.evaluate(() => [...document.images].map((image) => ({
    address: image.src.split('/').pop(),
    alt: image.alt,
    width: Number(image.getAttribute('width')),
    height: Number(image.getAttribute('height')),
    loaded: image.complete && image.naturalWidth > 0,
    ratio: image.naturalWidth / image.naturalHeight,
    shown: image.clientWidth / image.clientHeight,
    room: image.clientWidth,
  })));
  for (const image of images) {
    if (!image.loaded) view.wrong(`${image.address} does not load`);
    if (!image.alt) view.wrong(`${image.address} has no alt`);
    if (!(image.width > 0 && image.height > 0)) {
      view.wrong(`${image.address} has no width and height`);
    } else if (Math.abs(image.width / image.height / image.ratio - 1) > 0.02) {
      view.wrong(`${image.address} says ${image.width} x ${image.height}`);
    }
    // A browser rounds to whole pixels.
    if (Math.abs(image.shown / image.ratio - 1) > 0.02 + 2 / image.room) view.wrong(`${image.address} is out of shape`);
  }
  return images.length;
}

export async function checkLook(view, axe) {
  await checkRules(view, axe);
  await checkWidth(view);
  await checkWords(view);
  const images = await checkImages(view);
  if (images !== view.of.images) view.wrong(`shows ${images} images, not ${view.of.images}`);
  if (view.of.mail) {
    const bytes = Buffer.byteLength(await view.page.evaluate(async () => document.documentElement.outerHTML));
    if (bytes > kMail) view.wrong(`has ${bytes} bytes`);
  }
}

// Most mailboxes show no picture before the reader asks for it.
export async function checkWithoutImages(view, axe) {
  await checkRules(view, axe);
  await checkWidth(view);
  const unnamed = await view.page.evaluate(() => [...document.images].filter((image) => !image.alt.trim()).length);
  if (unnamed > 0) view.wrong(`${unnamed} images say nothing where they are blocked`);
}

export async function checkFirstView(view) {
  let bytes = 0;
  for (const request of view.requests) {
    if (request.resourceType() === 'image' || request.url().startsWith('data:')) continue;
    if (await request.response() === null) continue;  // failed: told by the view
    bytes += (await request.sizes()).responseBodySize;
  }
  view.figure('first view without images', bytes);
  if (bytes === 0 || bytes > kFirstView) view.wrong(`the first view takes ${bytes} bytes`);
}

export async function checkWithoutScript(view) {
  const text = await view.page.locator('main').innerText();
  if (text.trim().length < 40) view.wrong(`shows "${text}"`);
  if (await view.page.locator('script:not([type="application/ld+json"])').count() > 0) view.wrong('carries a script');
  const ground = await view.page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor);
  if (ground === 'rgba(0, 0, 0, 0)') view.wrong('has no style');
}

export async function checkPrint(view) {
  const style = await view.page.evaluate(() => {
    const of = (name) => {
      const element = document.querySelector(name);
      return element === null ? null : getComputedStyle(element);
    };
    return {
      ink: of('body').color,
      ground: of('body').backgroundColor,
      skip: of('.skip').display,
      nav: of('.colophon nav').display,
      scrolls: [...document.querySelectorAll('pre, table')].filter((each) => each.scrollWidth > each.clientWidth + 1).length,
    };
  });
  if (style.ink !== 'rgb(0, 0, 0)' || style.ground !== 'rgb(255, 255, 255)') {
    view.wrong(`prints ${style.ink} on ${style.ground}`);
  }
  if (style.skip !== 'none' || style.nav !== 'none') view.wrong('prints what is only for the screen');
  if (style.scrolls > 0) view.wrong(`${style.scrolls} code blocks or tables are cut off on paper`);
  await checkWidth(view);
  const pdf = (await view.page.pdf({ format: 'A4', printBackground: false })).toString('latin1');
  const pages = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  if (pages < 1 || pages > kPrintedPages) view.wrong(`takes ${pages} sheets`);
}
