// SPDX-License-Identifier: MIT
//
// The report's page at work: one slider moves every exhibit.
//
// The bytes of an exhibit are decoded when it first comes into sight.  A byte 0 .. 254 stands for
// the values from the frame's least to its greatest, 255 for what is not finite.
(() => {
'use strict';

const meta = JSON.parse(document.getElementById('meta').textContent);
const LEVELS = 254, ODD = 255, FRAME = 1, MARGIN = 300;
const slider = document.getElementById('frame');
const play = document.getElementById('play');
const now = document.getElementById('now');
const frames = meta.steps.length;
const classes = meta.classes.length;
let frame = frames - 1;
let wholeRun = false;

// ---- numbers --------------------------------------------------------------------------------

function number(value, digits) {
	if (value === null || Number.isNaN(value))
		return 'not finite';
	const size = Math.abs(value);
	let text = size !== 0 && (size < 1e-3 || size >= 1e5)
		? value.toExponential(digits - 1).replace(/\.?0*e\+?/, 'e')
		: String(Number(value.toPrecision(digits)));
	return text.replace(/-/g, '−');
}

const count = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ',');

// ---- colours --------------------------------------------------------------------------------

// What canvas memory wants: alpha, blue, green, red, from the highest byte on.
const pixel = (r, g, b) => (0xff000000 | b << 16 | g << 8 | r) >>> 0;

function palette(text) {
	const colours = new Uint32Array(LEVELS + 1);
	for (let i = 0; i <= LEVELS; i++) {
		const rgb = parseInt(text.substr(6 * i, 6), 16);
		colours[i] = pixel(rgb >> 16, rgb >> 8 & 255, rgb & 255);
	}
	return colours;
}

const maps = { signed: palette(meta.signed), grey: palette(meta.grey) };
const ODD_COLOUR = pixel(255, 0, 255);
const FRAME_COLOUR = pixel(0xb4, 0xb8, 0xbe);
const SOFT_COLOUR = pixel(0x6b, 0x70, 0x78);

function gradient(map) {
	const stops = [];
	for (let i = 0; i <= 16; i++)
		stops.push('#' + meta[map].substr(6 * Math.round(i * LEVELS / 16), 6));
	return 'linear-gradient(to right,' + stops.join(',') + ')';
}

// ---- an exhibit -----------------------------------------------------------------------------

function unpack(element) {
	const text = atob(element.textContent);
	const bytes = new Uint8Array(text.length);
	for (let i = 0; i < text.length; i++)
		bytes[i] = text.charCodeAt(i);
	element.remove();
	return bytes;
}

class Exhibit {
	constructor(figure) {
		const id = Number(figure.dataset.exhibit);
		Object.assign(this, meta.exhibits[id]);
		this.id = 'x' + id;
		this.figure = figure;
		this.values = this.count * this.channels * this.w * this.h;
		this.ends = [Math.min(...this.low), Math.max(...this.high)];
		if (this.colours === 'signed') {
			const most = Math.max(...this.high);
			this.ends = [-most, most];
		}
		this.name = figure.closest('.layer').querySelector('h3').firstChild.textContent.trim() + ', ' +
			figure.querySelector('figcaption').textContent;
		this.build();
	}

	build() {
		this.canvas = document.createElement('canvas');
		this.canvas.setAttribute('role', 'img');
		this.bar = document.createElement('div');
		this.bar.className = 'bar';
		this.bar.innerHTML = '<span></span><i></i><span></span><em></em>';
		const strip = this.bar.querySelector('i');
		if (this.channels === 3) {
			const rest = this.colours === 'signed' ? 128 : 0;
			const red = (c) => ['rgb(' + [0, 1, 2].map((k) => k === c ? 0 : rest) + ')',
				'rgb(' + [0, 1, 2].map((k) => k === c ? 255 : rest) + ')'].join();
			strip.className = 'colour';
			strip.style.background = [0, 1, 2].map((c) => 'linear-gradient(to right,' + red(c) +
				') 0 ' + c * 50 + '%/100% 34% no-repeat').join();
		} else {
			strip.style.background = gradient(this.colours);
		}
		this.figure.append(this.canvas, this.bar);
		this.canvas.addEventListener('pointermove', (event) => this.point(event));
		this.canvas.addEventListener('pointerleave', () => this.say(''));
		this.lay();
	}

	// Tiles that flow are laid anew for the room there is.
	lay() {
		const room = this.figure.clientWidth || 300;
		const step = this.w * this.zoom + this.gap;
		let across = this.across;
		if (this.flows) {
			const columns = Math.max(1, Math.min(across.length, Math.floor((room + this.gap - 2 * FRAME) / step)));
			across = across.slice(0, columns);
		}
		this.left = across;
		const rows = Math.ceil(this.count / across.length);
		this.canvas.width = across[across.length - 1] + this.w * this.zoom + FRAME;
		this.canvas.height = rows * this.down - this.gap + 2 * FRAME;
		this.canvas.style.width = this.canvas.width + 'px';
		this.drawn = undefined;
	}

	show() {
		this.bytes = this.bytes || unpack(document.getElementById(this.id));
		const key = frame + ',' + wholeRun + ',' + this.canvas.width;
		if (this.drawn === key)
			return;
		this.drawn = key;
		this.draw();
	}

	// The ends of the scale in use.
	scale() {
		return wholeRun ? this.ends : [this.low[frame], this.high[frame]];
	}

	draw() {
		const [low, high] = this.scale();
		const own = this.low[frame], span = this.high[frame] - own;
		const table = new Uint8Array(LEVELS + 1);
		for (let i = 0; i <= LEVELS; i++) {
			const value = own + span * i / LEVELS;
			const t = high > low ? (value - low) / (high - low) : 0.5;
			table[i] = Math.round(Math.min(1, Math.max(0, t)) * LEVELS);
		}
		const context = this.canvas.getContext('2d', { willReadFrequently: true });
		const image = context.createImageData(this.canvas.width, this.canvas.height);
		const to = new Uint32Array(image.data.buffer);
		for (let i = 0; i < this.count; i++)
			this.tile(to, i, table);
		context.putImageData(image, 0, 0);
		const ends = this.bar.querySelectorAll('span');
		ends[0].textContent = number(low, 3);
		ends[1].textContent = number(high, 3);
		this.canvas.setAttribute('aria-label', this.name + ', step ' + meta.steps[frame] +
			', from ' + number(low, 3) + ' to ' + number(high, 3));
	}

	tile(to, index, table) {
		const { w, h, zoom, channels } = this;
		const width = this.canvas.width, plane = w * h;
		const x = this.left[index % this.left.length];
		const y = FRAME + Math.floor(index / this.left.length) * this.down;
		const at = frame * this.values + index * channels * plane;
		const map = maps[this.colours], bytes = this.bytes;
		const level = (b) => Math.floor(table[b] / LEVELS * 255 + 0.5);
		let least = 255, most = 0, odd = false;
		for (let v = 0; v < h; v++)
			for (let u = 0; u < w; u++) {
				const k = at + v * w + u;
				let colour = ODD_COLOUR, finite = true;
				for (let c = 0; c < channels; c++) {
					const b = bytes[k + c * plane];
					finite = finite && b !== ODD;
					least = Math.min(least, b);
					most = Math.max(most, b);
				}
				odd = odd || !finite;
				if (finite)
					colour = channels === 3
						? pixel(level(bytes[k]), level(bytes[k + plane]), level(bytes[k + 2 * plane]))
						: map[table[bytes[k]]];
				for (let p = 0; p < zoom; p++) {
					const start = (y + v * zoom + p) * width + x + u * zoom;
					to.fill(colour, start, start + zoom);
				}
			}
		this.border(to, x, y, odd ? ODD_COLOUR : least === most && channels * plane > 1 ? 0 : FRAME_COLOUR);
	}

	// Around a tile; dashed where its numbers are all one colour.
	border(to, x, y, colour) {
		const width = this.canvas.width, w = this.w * this.zoom + 2, h = this.h * this.zoom + 2;
		const dot = (u, v, i) => {
			if (colour !== 0 || i % 5 < 3)
				to[(y - 1 + v) * width + x - 1 + u] = colour || SOFT_COLOUR;
		};
		for (let i = 0; i < w; i++) {
			dot(i, 0, i);
			dot(i, h - 1, i);
		}
		for (let i = 0; i < h; i++) {
			dot(0, i, i);
			dot(w - 1, i, i);
		}
	}

	say(words) {
		this.bar.querySelector('em').textContent = words;
	}

	// The number under the pointer.
	point(event) {
		if (!this.bytes)
			return;
		const box = this.canvas.getBoundingClientRect();
		const x = (event.clientX - box.left) * this.canvas.width / box.width;
		const y = (event.clientY - box.top) * this.canvas.height / box.height;
		const column = this.left.findIndex((left) => x >= left && x < left + this.w * this.zoom);
		const row = Math.floor((y - FRAME) / this.down);
		const u = Math.floor((x - this.left[column]) / this.zoom);
		const v = Math.floor((y - FRAME - row * this.down) / this.zoom);
		const index = row * this.left.length + column;
		if (column < 0 || row < 0 || v >= this.h || index >= this.count) {
			this.say('');
			return;
		}
		const plane = this.w * this.h;
		const at = frame * this.values + index * this.channels * plane + v * this.w + u;
		const low = this.low[frame], span = this.high[frame] - low;
		const numbers = [];
		for (let c = 0; c < this.channels; c++) {
			const b = this.bytes[at + c * plane];
			numbers.push(b === ODD ? 'not finite' : number(low + span * b / LEVELS, 2));
		}
		this.say(this.place(index, u, v) + ': ' + numbers.join(', '));
	}

	place(index, u, v) {
		switch (this.kind) {
		case 'strip':
			return 'output ' + index;
		case 'matrix':
			return 'output ' + v + ', input ' + u;
		case 'map':
			return 'channel ' + index + ', row ' + v + ', column ' + u;
		case 'colour':
			return 'output ' + index + ', row ' + v + ', column ' + u;
		default:
			return 'output ' + Math.floor(index / this.maps) + ', input ' + index % this.maps +
				', row ' + v + ', column ' + u;
		}
	}
}

const exhibits = Array.from(document.querySelectorAll('.exhibit'), (figure) => new Exhibit(figure));

// Only what can be seen, or soon will be, is drawn.
function show() {
	for (const e of exhibits) {
		const box = e.figure.getBoundingClientRect();
		if (box.height > 0 && box.bottom > -MARGIN && box.top < innerHeight + MARGIN)
			e.show();
	}
}

let asked = 0;
addEventListener('scroll', () => {
	cancelAnimationFrame(asked);
	asked = requestAnimationFrame(show);
}, { passive: true });
addEventListener('beforeprint', () => exhibits.forEach((e) => e.show()));

// ---- examples -------------------------------------------------------------------------------

function choose(example) {
	for (const e of exhibits)
		if (e.figure.dataset.example !== undefined) {
			e.figure.hidden = Number(e.figure.dataset.example) !== example;
			if (!e.figure.hidden)
				e.lay();
		}
}

function guess() {
	for (const output of document.querySelectorAll('[data-guess]')) {
		const one = meta.onlookers[output.dataset.guess];
		const p = one.probability.slice(frame * classes, (frame + 1) * classes);
		const best = p.indexOf(Math.max(...p));
		output.textContent = 'seen as ' + meta.classes[best] + ', ' + (100 * p[best]).toFixed(0) + ' %';
		output.className = best === one.label ? 'right' : 'wrong';
	}
}

// ---- the step -------------------------------------------------------------------------------

const marks = Array.from(document.querySelectorAll('.plot, .heat'), (plot) => {
	const mark = document.createElement('i');
	mark.className = 'mark';
	plot.append(mark);
	plot.addEventListener('click', (event) => {
		const box = plot.getBoundingClientRect();
		const from = Number(plot.dataset.from), to = Number(plot.dataset.to);
		go(nearest(from + (event.clientX - box.left) / box.width * (to - from)));
	});
	return mark;
});

function nearest(step) {
	let best = 0;
	meta.steps.forEach((s, i) => {
		if (Math.abs(s - step) < Math.abs(meta.steps[best] - step))
			best = i;
	});
	return best;
}

function go(to) {
	frame = Math.min(frames - 1, Math.max(0, to));
	slider.value = frame;
	const step = 'step ' + count(meta.steps[frame]);
	slider.setAttribute('aria-valuetext', step + ' of ' + count(meta.done));
	now.firstElementChild.textContent = step;
	now.lastElementChild.textContent = 'loss ' + number(meta.loss[frame], 3) + ' · rate ' + number(meta.lr[frame], 3);
	for (const mark of marks) {
		const { from, to: end } = mark.parentElement.dataset;
		mark.style.left = (meta.steps[frame] - from) / (end - from) * 100 + '%';
	}
	guess();
	show();
}

// ---- playing --------------------------------------------------------------------------------

let timer = 0;

function stop() {
	clearInterval(timer);
	timer = 0;
	delete play.dataset.playing;
	play.setAttribute('aria-label', 'Play');
}

function start() {
	if (frame === frames - 1)
		go(0);
	play.dataset.playing = '';
	play.setAttribute('aria-label', 'Pause');
	timer = setInterval(() => {
		if (frame === frames - 1)
			stop();
		else
			go(frame + 1);
	}, 160);
}

const toggle = () => timer ? stop() : start();

play.addEventListener('click', toggle);
slider.addEventListener('input', () => {
	stop();
	go(Number(slider.value));
});

// Keys move the steps wherever no other control has the focus; those that also scroll a page do so
// unless the steps are on the screen.
document.addEventListener('keydown', (event) => {
	if (event.ctrlKey || event.altKey || event.metaKey)
		return;
	const on = event.target === slider || event.target === document.body;
	const box = document.getElementById('steps').getBoundingClientRect();
	const seen = event.target === slider || (box.top < innerHeight / 2 && box.bottom > innerHeight / 2);
	const moves = {
		ArrowLeft: () => go(frame - 1),
		ArrowRight: () => go(frame + 1),
		Home: () => go(0),
		End: () => go(frames - 1),
		' ': toggle,
	};
	if (!on || !moves[event.key] || !(seen || event.key.startsWith('Arrow')))
		return;
	if (event.key !== ' ')
		stop();
	moves[event.key]();
	event.preventDefault();
});

for (const radio of document.querySelectorAll('[name=scale]'))
	radio.addEventListener('change', () => {
		wholeRun = radio.value === 'run';
		go(frame);
	});
for (const radio of document.querySelectorAll('[name=example]'))
	radio.addEventListener('change', () => {
		choose(Number(radio.value));
		go(frame);
	});

let width = innerWidth;
addEventListener('resize', () => {
	if (innerWidth === width)
		return;
	width = innerWidth;
	exhibits.forEach((e) => e.lay());
	go(frame);
});

choose(0);
go(frame);
})();
