/* SPDX-License-Identifier: MIT
 *
 * convnetjs.js - what ConvNetJS makes of two small networks: writes convnetjs.h
 *
 *	npm i convnetjs                        in any folder DIR; here version 0.3.0
 *	NODE_PATH=DIR/node_modules node tests/oracle/convnetjs.js TRAINERS > convnetjs.h
 *
 * The package is older than the nesterov trainer; TRAINERS is the file src/convnet_trainers.js of
 * https://github.com/karpathy/convnetjs that has it.  For the convnetjs.h that stands here its two lines of
 * the nesterov rule were put into the trainer of 0.3.0 by hand.  Neither is needed to build or to test.
 *
 * All inputs and first weights come from the hash of hash.h, in our orders: maps [c][y][x], weights
 * [out][in][y][x].  ConvNetJS has maps and filters as [y][x][c].
 */
'use strict';
const fs = require('fs');
const convnetjs = require('convnetjs');

function hash(x) {
	x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
	x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
	return (x ^ (x >>> 16)) >>> 0;
}
const value = (s, i) => (hash((Math.imul(s, 0x9e3779b1) + i) | 0) >>> 8) / 8388608 - 1;

/* ---- our orders and theirs ------------------------------------------------------------------- */

/* Visit the places of a Vol in the order [c][y][x]. */
function each_place(sx, sy, depth, visit) {
	for (let c = 0; c < depth; c++)
		for (let y = 0; y < sy; y++)
			for (let x = 0; x < sx; x++)
				visit((sx * y + x) * depth + c);
}

function in_our_order(vol, numbers) {
	const list = [];
	each_place(vol.sx, vol.sy, vol.depth, at => list.push(numbers[at]));
	return list;
}

/* Visit all parameters of a network in our flat order: pairs of a Vol and a place in it.  A dense
 * layer's filters are flat; their inputs have the order of the map before. */
function each_param(net, visit) {
	for (const [l, layer] of net.layers.entries()) {
		if (!layer.filters)
			continue;
		const before = net.layers[l - 1];
		for (const f of layer.filters)
			if (layer.layer_type === 'conv')
				each_place(f.sx, f.sy, f.depth, at => visit(f, at));
			else
				each_place(before.out_sx, before.out_sy, before.out_depth,
					   at => visit(f, at));
		for (let o = 0; o < layer.out_depth; o++)
			visit(layer.biases, o);
	}
}

function flat_params(net, what) {
	const list = [];
	each_param(net, (vol, at) => list.push(vol[what][at]));
	return list;
}

function make_net(defs, seed) {
	const net = new convnetjs.Net();
	net.makeLayers(defs);
	let i = 0;
	each_param(net, (vol, at) => { vol.w[at] = value(seed, i++) / 2; });
	return net;
}

function picture(c, y, x, seed) {
	const vol = new convnetjs.Vol(x, y, c, 0);
	let i = 0;
	each_place(x, y, c, at => { vol.w[at] = value(seed, i++); });
	return vol;
}

/* ---- the header ------------------------------------------------------------------------------ */

function write_numbers(name, list) {
	let line = '\t', text = `static const double ${name}[${list.length}] = {\n`;
	for (const x of list) { /* the shortest decimal that is this number and no other */
		if (line.length + String(x).length > 90) {
			text += line.trimEnd() + '\n';
			line = '\t';
		}
		line += `${x}, `;
	}
	console.log(text + line.trimEnd() + '\n};\n');
}

function write_text(name, lines) {
	const text = lines.map(l => `\t"${l}\\n"`).join('\n');
	console.log(`static const char ${name}[] =\n${text};\n`);
}

/* ---- one example through all layers ---------------------------------------------------------- */

function layers() {
	const label = 1;
	const net = make_net([
		{type: 'input', out_sx: 6, out_sy: 7, out_depth: 2},
		{type: 'conv', filters: 3, sx: 3, sy: 2, stride: 1, pad: 1},
		{type: 'relu'},
		{type: 'pool', sx: 2, sy: 3, stride: 2, pad: 1},
		{type: 'conv', filters: 4, sx: 3, stride: 2, pad: 1},
		{type: 'tanh'},
		{type: 'fc', num_neurons: 5},
		{type: 'sigmoid'},
		{type: 'softmax', num_classes: 3}, /* puts a fc before itself */
	], 1);
	const probability = net.forward(picture(2, 7, 6, 2), true).w;
	const loss = net.backward(label);
	let out = [], delta = [];
	for (const layer of net.layers.slice(0, -1)) {
		out = out.concat(in_our_order(layer.out_act, layer.out_act.w));
		delta = delta.concat(in_our_order(layer.out_act, layer.out_act.dw));
	}
	console.log('/* One example: weights value(1, i) / 2, pixels value(2, i), label 1. */');
	write_text('layers_net', [
		'input 2x7x6', 'conv channels=3 size=2x3 pad=1', 'relu',
		'maxpool size=3x2 stride=2 pad=1', 'conv channels=4 size=3 stride=2 pad=1', 'tanh',
		'dense units=5', 'sigmoid', 'dense units=3', 'loss softmax',
	]);
	write_numbers('layers_loss', [loss]);
	write_numbers('layers_probability', Array.from(probability));
	console.log('/* Of all layers one after the other, the input first. */');
	write_numbers('layers_out', out);
	write_numbers('layers_delta', delta);
	write_numbers('layers_example_grad', flat_params(net, 'dw'));
}

/* ---- the trainers ---------------------------------------------------------------------------- */

/* Decay is divided by the batch in ConvNetJS, so it is multiplied here; eps of adagrad lies within
 * the root there, so it is too small to matter. */
const batch = 4, steps = [1, 2, 5, 10, 20];
const trainers = [
	{solver: 'sgd', lr: 0.1, l1: 0.001, l2: 0.01},
	{solver: 'momentum', lr: 0.05, momentum: 0.9, l1: 0.001, l2: 0.01},
	{solver: 'nesterov', lr: 0.05, momentum: 0.8, l2: 0.01},
	{solver: 'adagrad', lr: 0.05, eps: 1e-200, l1: 0.001, l2: 0.01},
	{solver: 'windowgrad', lr: 0.02, rho: 0.9, eps: 1e-8, l1: 0.001},
	{solver: 'adadelta', lr: 1, rho: 0.95, eps: 1e-6, l2: 0.01},
].map(t => ({momentum: 0, rho: 0, eps: 0, l1: 0, l2: 0, ...t}));

function train(t) {
	const net = make_net([
		{type: 'input', out_sx: 4, out_sy: 4, out_depth: 1},
		{type: 'conv', filters: 2, sx: 3, stride: 1, pad: 0},
		{type: 'relu'},
		{type: 'pool', sx: 2, stride: 2},
		{type: 'fc', num_neurons: 4},
		{type: 'tanh'},
		{type: 'softmax', num_classes: 3},
	], 3);
	for (const layer of net.layers)
		if (layer.filters)
			layer.l1_decay_mul = 1; /* 0 of itself */
	const trainer = new convnetjs.Trainer(net, {
		method: t.solver === 'momentum' ? 'sgd' : t.solver, /* is sgd with momentum there */
		learning_rate: t.lr, momentum: t.momentum, ro: t.rho, eps: t.eps, batch_size: batch,
		l1_decay: batch * t.l1, l2_decay: batch * t.l2,
	});
	let weights = [];
	for (let step = 1; step <= steps[steps.length - 1]; step++) {
		for (let k = 0; k < batch; k++) {
			const example = (step - 1) * batch + k;
			trainer.train(picture(1, 4, 4, 10 + example), example % 3);
		}
		if (steps.includes(step))
			weights = weights.concat(flat_params(net, 'w'));
	}
	return weights;
}

function solvers() {
	console.log('/* Batches of 4: first weights value(3, i) / 2; example e = 4 * step + k has');
	console.log(' * pixels value(10 + e, i) and label e % 3. */');
	write_text('trainers_net', [
		'input 1x4x4', 'conv channels=2 size=3', 'relu', 'maxpool size=2 stride=2',
		'dense units=4', 'tanh', 'dense units=3', 'loss softmax',
	]);
	console.log(`enum { TRAINERS_BATCH = ${batch} };`);
	console.log(`static const int trainers_steps[] = { ${steps.join(', ')} };\n`);
	for (const t of trainers)
		write_numbers(`weights_of_${t.solver}`, train(t));
	console.log('/* Weights after each of trainers_steps. */');
	console.log('static const struct {');
	console.log('\tconst char *solver;');
	console.log('\tdouble lr, momentum, rho, eps, l1, l2;');
	console.log('\tconst double *weights;');
	console.log('} trainers[] = {');
	for (const t of trainers) {
		const settings = [t.lr, t.momentum, t.rho, t.eps, t.l1, t.l2].join(', ');
		console.log(`\t{ "${t.solver}", ${settings}, weights_of_${t.solver} },`);
	}
	console.log('};\n');
}

if (process.argv.length !== 3) {
	console.error('usage: node convnetjs.js convnet_trainers.js > convnetjs.h');
	process.exit(64);
}
new Function('convnetjs', fs.readFileSync(process.argv[2], 'utf8'))(convnetjs);
const {version} = require('convnetjs/package.json');
console.log(`/* SPDX-License-Identifier: MIT
 *
 * convnetjs.h - what ConvNetJS (${version}) makes of two small networks
 *
 * Written by tests/oracle/convnetjs.js, which says how; do not edit.
 */
#ifndef AQ_TESTS_CONVNETJS_H
#define AQ_TESTS_CONVNETJS_H
`);
layers();
solvers();
console.log('#endif');
