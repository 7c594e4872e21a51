/* SPDX-License-Identifier: MIT
 *
 * convnetjs_pixels.js - the pixels of the panels of the ConvNetJS pages: writes convnetjs_pixels.h
 *
 *	npm i convnetjs                        in any folder DIR; here version 0.3.0
 *	NODE_PATH=DIR/node_modules node tests/oracle/convnetjs_pixels.js > convnetjs_pixels.h
 *
 * A small network goes forward and backward over one example; activations, gradients and filters become
 * pixels by the rule of draw_activations and draw_activations_COLOR in demo/js/images-demo.js of
 * https://github.com/karpathy/convnetjs: one range for a whole Vol, rounded down, into a canvas's bytes.
 * Numbers are rounded to float first, as our files hold them.  Not needed to build or to test.
 */
'use strict';
const convnetjs = require('convnetjs');

function hash(x) {
	x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
	x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
	return (x ^ (x >>> 16)) >>> 0;
}
const value = (s, i) => (hash((Math.imul(s, 0x9e3779b1) + i) | 0) >>> 8) / 8388608 - 1;

const net = new convnetjs.Net();
net.makeLayers([
	{ type: 'input', out_sx: 8, out_sy: 7, out_depth: 3 },
	{ type: 'conv', sx: 5, filters: 4, stride: 1, pad: 2, activation: 'relu' },
	{ type: 'pool', sx: 2, stride: 2 },
	{ type: 'conv', sx: 4, filters: 2, stride: 1, pad: 1, activation: 'tanh' },
	{ type: 'softmax', num_classes: 3 },
]);
let count = 0;
for (const layer of net.layers)
	for (const f of layer.filters || [])
		for (let i = 0; i < f.w.length; i++)
			f.w[i] = value(1, count++) / 2;
const x = new convnetjs.Vol(8, 7, 3, 0);
for (let i = 0; i < x.w.length; i++)
	x.w[i] = value(2, i) / 2;
net.forward(x, true);
net.backward(1);

/* A Vol's numbers, and the bytes of its canvases at scale 1: one in colour, or one a channel. */
function draw(vol, what, isColour) {
	const numbers = Array.from(vol[what], Math.fround);
	const mm = convnetjs.maxmin(numbers);
	const values = [], pixels = [];
	for (let c = 0; c < vol.depth; c++) {
		for (let y = 0; y < vol.sy; y++)
			for (let x = 0; x < vol.sx; x++) {
				const v = numbers[(vol.sx * y + x) * vol.depth + c];
				const byte = new Uint8ClampedArray(1);
				byte[0] = Math.floor((v - mm.minv) / mm.dv * 255);
				values.push(v);
				pixels.push(byte[0]);
			}
	}
	return { sx: vol.sx, sy: vol.sy, depth: vol.depth, isColour, values, pixels };
}

const vols = [draw(net.layers[0].out_act, 'w', true), draw(net.layers[0].out_act, 'dw', true)];
for (const [i, layer] of net.layers.entries()) {
	if (i > 0) {
		vols.push(draw(layer.out_act, 'w', false));
		if (layer.layer_type !== 'softmax')
			vols.push(draw(layer.out_act, 'dw', false));
	}
	if (layer.layer_type === 'conv')
		for (const f of layer.filters)
			vols.push(draw(f, 'w', i === 1), draw(f, 'dw', i === 1));
}
vols.push(draw(new convnetjs.Vol(3, 2, 2, 0.25), 'w', false)); /* all the same: black */

/* ---- the header ------------------------------------------------------------------------------ */

function list(numbers, a_line) {
	let text = '';
	for (let i = 0; i < numbers.length; i += a_line)
		text += '\t' + numbers.slice(i, i + a_line).join(', ') + ',\n';
	return text;
}
/* The shortest decimals that give the float again. */
function short(v) {
	for (let digits = 1; digits < 10; digits++)
		if (Math.fround(Number(v.toPrecision(digits))) === v)
			return String(Number(v.toPrecision(digits)));
	throw new Error('no float: ' + v);
}
const all = key => [].concat(...vols.map(v => v[key]));

console.log(`/* SPDX-License-Identifier: MIT
 *
 * convnetjs_pixels.h - what the panels of the ConvNetJS pages (0.3.0) make of numbers
 *
 * Written by tests/oracle/convnetjs_pixels.js, which says how; do not edit.
 */
#ifndef AQ_TESTS_CONVNETJS_PIXELS_H
#define AQ_TESTS_CONVNETJS_PIXELS_H

/* Vols one after the other, the numbers of each as [depth][sy][sx]. */
static const struct {
	int sx, sy, depth, is_colour;
} pixels_vols[${vols.length}] = {
${vols.map(v => `\t{ ${v.sx}, ${v.sy}, ${v.depth}, ${v.isColour ? 1 : 0} },`).join('\n')}
};

static const double pixels_values[${all('values').length}] = {
${list(all('values').map(short), 7)}};

/* The byte of each number in the canvas. */
static const unsigned char pixels_bytes[${all('pixels').length}] = {
${list(all('pixels'), 20)}};

#endif`);
