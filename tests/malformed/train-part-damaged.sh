# SPDX-License-Identifier: MIT
#
# What is to be resumed is damaged: said so, and left as it is.
tiny
options="--quiet --batch 10 --steps 30 --checkpoint-every 10"
mkdir x.run.h5.tmp
aquatint-train $options tiny.net tiny.data.h5 -o x.run.h5 2> said || [ $? -eq 73 ]
rmdir x.run.h5.tmp
head -c 5000 x.run.h5.part/segment-2.h5 > short
mv short x.run.h5.part/segment-2.h5
cp -R x.run.h5.part kept
fails 65 'segment-2.h5' aquatint-train $options --resume tiny.net tiny.data.h5 -o x.run.h5
diff -r kept x.run.h5.part
: > x.run.h5.part/run.h5
fails 65 'x.run.h5.part/run.h5' aquatint-train $options --resume tiny.net tiny.data.h5 -o x.run.h5
rm x.run.h5.part/segment-2.h5 kept/segment-2.h5
cp kept/run.h5 x.run.h5.part/run.h5
aquatint-train $options --resume tiny.net tiny.data.h5 -o x.run.h5
aquatint-train $options tiny.net tiny.data.h5 -o y.run.h5
same x.run.h5 y.run.h5
