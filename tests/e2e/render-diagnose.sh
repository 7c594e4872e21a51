# SPDX-License-Identifier: MIT
#
# The numbers of every layer at one step: as a picture, as shapes, as a table that agrees with the file.

tiny_snap
aquatint-render diagnose --quiet tiny.snap.h5 --csv numbers.csv -o a.png
aquatint-render diagnose --quiet tiny.snap.h5 -o b.png
same a.png b.png
aquatint-render diagnose --quiet tiny.snap.h5 --of example_grad -o x.svg
grep -q '>bias example_grad</text>' x.svg
# the input has no parameters, a layer with weights six lines
[ "$(grep -c '^input,' numbers.csv)" -eq 2 ]
[ "$(grep -c '^conv1,' numbers.csv)" -eq 6 ]
[ "$(awk -F, 'NF != 9' numbers.csv | wc -l)" -eq 0 ]

if python3 -c 'import h5py' 2> /dev/null; then
	python3 -c '
import csv, h5py, numpy
f = h5py.File("tiny.snap.h5")
rows = list(csv.DictReader(open("numbers.csv")))
for r in rows:
    v = f["/".join([r["of"], r["layer"]] + [r["param"]] * bool(r["param"]))][()].astype("f8")
    assert int(r["count"]) == v.size and r["not_finite"] == "0", r
    assert float(r["min"]) == numpy.float32(v.min()) or abs(float(r["min"]) / v.min() - 1) < 1e-8, r
    assert float(r["max"]) == numpy.float32(v.max()) or abs(float(r["max"]) / v.max() - 1) < 1e-8, r
    assert abs(float(r["mean"]) - v.mean()) <= 1e-8 * abs(v).max(), (r, v.mean())
    assert abs(float(r["std"]) - v.std()) <= 1e-8 * abs(v).max(), (r, v.std())
assert len(rows) > 10
'
else
	echo "NOT TESTED: there is no python3-h5py"
fi
refuses 65 'is no snap; open a step' x.png aquatint-render diagnose tiny.run.h5 -o x.png
