# SPDX-License-Identifier: MIT
# IDX files give the same data file packed or not, from their folder or named one by one.
mkdir plain packed
printf '\0\0\010\003\0\0\0\003\0\0\0\001\0\0\0\002abcdef' > plain/train-images-idx3-ubyte
printf '\0\0\010\001\0\0\0\003\002\001\000' > plain/train-labels-idx1-ubyte
for file in plain/*; do
	gzip -c "$file" > "packed/${file#plain/}.gz"
done
aquatint-prep plain -o a.h5
aquatint-prep packed -o b.h5
aquatint-prep packed/train-labels-idx1-ubyte.gz packed/train-images-idx3-ubyte.gz -o c.h5
same a.h5 b.h5
same a.h5 c.h5
