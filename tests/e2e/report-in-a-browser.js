// SPDX-License-Identifier: MIT
//
// Put behind a report, in a browser: does the page do what it says?  The verdict stands in #verdict.
(async () => {
const failed = [];
let checks = 0;
const check = (what, ok) => {
	checks++;
	if (!ok)
		failed.push(what);
};
const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const slider = document.getElementById('frame');
const canvas = (exhibit) => document.querySelector('[data-exhibit="' + exhibit + '"] canvas');
const all = Array.from(document.querySelectorAll('.exhibit:not([hidden])'));
const pixels = (c) => c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
const same = (a, b) => a.length === b.length && a.every((v, i) => v === b[i]);
const press = (key, target) => (target || document.body).dispatchEvent(
	new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
const slide = (to) => {
	slider.value = to;
	slider.dispatchEvent(new Event('input', { bubbles: true }));
};
const reveal = (figure) => {
	figure.scrollIntoView({ block: 'center' });
	slide(slider.value);
};

// The picture that a reader without scripts gets of this frame, on a canvas of its own.
async function still(figure, frame) {
	const image = figure.querySelector('img[data-frame="' + frame + '"]');
	const other = document.createElement('canvas');
	other.width = image.getAttribute('width');
	other.height = image.getAttribute('height');
	const copy = new Image();
	await new Promise((done) => {
		copy.onload = done;
		copy.src = image.src;
	});
	const context = other.getContext('2d', { willReadFrequently: true });
	context.drawImage(copy, 0, 0);
	return other;
}

async function drawnAsStills(frame) {
	let compared = 0;
	for (const figure of all) {
		reveal(figure);
		const own = figure.querySelector('canvas'), other = await still(figure, frame);
		if (own.width !== other.width)
			continue; // laid out anew for the room there is
		const a = pixels(own), b = pixels(other);
		let differ = 0;
		for (let i = 0; i < a.length; i += 4) // between the tiles the canvas is clear, the still is paper
			differ += a[i + 3] !== 0 && (a[i] !== b[i] || a[i + 1] !== b[i + 1] || a[i + 2] !== b[i + 2]);
		check(figure.dataset.exhibit + ' of frame ' + frame + ' is not its still: ' + differ + ' pixels', differ === 0);
		compared++;
	}
	check('no picture could be compared', innerWidth < 1000 || compared > 3);
}

const last = Number(slider.max);
check('the slider begins at the end', Number(slider.value) === last);
check('there are exhibits', all.length > 3);
await drawnAsStills(last);
const end = pixels(canvas(0)), words = slider.getAttribute('aria-valuetext');
slide(0);
await drawnAsStills(0);
reveal(all[0]);
check('the slider changes what it says', slider.getAttribute('aria-valuetext') !== words);
check('the step is said', document.getElementById('now').textContent.includes('step 0'));
for (const figure of all) {
	reveal(figure);
	slide(0);
	const before = pixels(figure.querySelector('canvas'));
	slide(last);
	check('the slider changes exhibit ' + figure.dataset.exhibit, !same(before, pixels(figure.querySelector('canvas'))));
}

reveal(document.querySelector('.controls'));
press('Home');
check('Home', slider.value === '0');
press('ArrowRight');
press('ArrowRight');
press('ArrowLeft');
check('arrows', slider.value === '1');
press('End', slider);
check('End', Number(slider.value) === last);
press('Home');
press(' ');
check('the space bar plays', 'playing' in document.getElementById('play').dataset);
await wait(700);
check('playing moves', Number(slider.value) > 0);
press(' ');
const stopped = slider.value;
await wait(400);
check('the space bar stops', slider.value === stopped);
document.getElementById('play').click();
check('the button plays', 'playing' in document.getElementById('play').dataset);
document.getElementById('play').click();

const ends = (figure) => figure.querySelector('.bar').textContent;
const params = all.find((f) => f.dataset.example === undefined);
reveal(params);
document.querySelector('[name=scale][value=run]').click();
slide(0);
const first = ends(params);
slide(last);
check('one scale for the whole run', first === ends(params));
document.querySelector('[name=scale][value=step]').click();
slide(0);
const own = ends(params);
slide(last);
check('a scale for each step', own !== ends(params));

const other = document.querySelector('[name=example][value="1"]');
if (other) {
	other.click();
	check('another example is shown', all.some((f) => f.hidden));
	const shown = document.querySelector('.exhibit[data-example="1"]');
	reveal(shown);
	check('and drawn', !shown.hidden && pixels(shown.querySelector('canvas')).some((v) => v !== 0));
	document.querySelector('[name=example][value="0"]').click();
}

check('wider than the window: ' + document.documentElement.scrollWidth + ' of ' + innerWidth,
	document.documentElement.scrollWidth <= innerWidth);
check('pictures without words', Array.from(document.querySelectorAll('img')).every((i) => i.hasAttribute('alt')));
check('canvases without words', all.every((f) => f.querySelector('canvas').getAttribute('aria-label')));
check('controls without names', Array.from(document.querySelectorAll('input, button')).every((c) =>
	c.labels && c.labels.length || c.getAttribute('aria-label')));
const ids = Array.from(document.querySelectorAll('[id]'), (e) => e.id);
check('an id twice', new Set(ids).size === ids.length);
check('a link to nowhere', Array.from(document.querySelectorAll('a')).every((a) =>
	document.querySelector(a.getAttribute('href'))));

const verdict = document.createElement('pre');
verdict.id = 'verdict';
verdict.textContent = failed.length ? 'FAILED at ' + innerWidth + ': ' + failed.join('; ') : 'passed ' + checks + ' checks at ' + innerWidth;
document.body.replaceChildren(verdict);
parent.postMessage(verdict.textContent, '*');
})();
