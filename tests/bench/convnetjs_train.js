/* SPDX-License-Identifier: MIT
 *
 * convnetjs_train.js - training steps of ConvNetJS, for bench_net to measure beside ours
 *
 *	convnetjs_train.js NET.net SOLVER BATCH THREADS		(it has one thread, whatever is asked)
 *
 * Speaks as torch_train.py does.  Only networks of padded convolutions, relu, plain maxima and one dense layer.
 */
'use strict';
const fs = require('fs');
const convnetjs = require('convnetjs');
const [path, solver, batch] = process.argv.slice(2);

const layers = [];
let shape;
for (const line of fs.readFileSync(path, 'utf8').split('\n')) {
	const words = line.split('#')[0].split(/\s+/).filter(Boolean), args = {};
	words.slice(1).forEach(word => { const [key, value] = word.split('='); args[key] = +value; });
	switch (words[0]) {
	case 'input':
		shape = words[1].split('x').map(Number);
		layers.push({type: 'input', out_depth: shape[0], out_sy: shape[1], out_sx: shape[2]});
		break;
	case 'conv':
		layers.push({type: 'conv', sx: args.size, filters: args.channels, stride: args.stride || 1,
			     pad: args.pad || 0, activation: 'relu'});
		break;
	case 'maxpool':
		layers.push({type: 'pool', sx: args.size, stride: args.stride});
		break;
	case 'dense':
		layers.push({type: 'softmax', num_classes: args.units});
		break;
	}
}
const net = new convnetjs.Net();
net.makeLayers(layers);
const trainer = new convnetjs.Trainer(net, {method: solver === 'adadelta' ? 'adadelta' : 'sgd', momentum: 0.9,
					    learning_rate: 1e-3, batch_size: +batch, l2_decay: 1e-4});
const pictures = Array.from({length: 64}, () => {
	const v = new convnetjs.Vol(shape[2], shape[1], shape[0], 0);
	for (let i = 0; i < v.w.length; i++)
		v.w[i] = Math.random() - 0.5;
	return v;
});

const seconds = () => Number(process.hrtime.bigint()) * 1e-9;
const cpu = () => { const c = process.cpuUsage(); return (c.user + c.system) * 1e-6; };
let k = 0;
const run = limit => {
	const wall = seconds(), used = cpu(), first = k;
	while (seconds() - wall < limit)
		for (let i = 0; i < +batch; i++, k++)
			trainer.train(pictures[k % 64], k % 10);
	return `${k - first} ${seconds() - wall} ${cpu() - used}`;
};
run(1);
console.log('ready js');
require('readline').createInterface({input: process.stdin}).on('line', line => console.log(run(+line)));
