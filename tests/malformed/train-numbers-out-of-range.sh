# SPDX-License-Identifier: MIT
#
# Options have values that make no sense.
tiny
for bad in '--batch 0' '--batch -1' '--batch 1e3' '--batch 9999999' '--steps -3' '--steps 1x' '--epochs 9e99' \
	'--seed -1' '--seed 99999999999999999999' '--lr -1' '--lr nan' '--lr inf' '--checkpoint-every 0' '--threads -2' \
	'--threads 9999' '--solver sdg' '--momentum 2' '--l2 -1' '--clip -1' '--eval-every -1'; do
	refuses_training 64 "${bad%% *}|$(echo "${bad#--}" | cut -d' ' -f1 | tr - _)" $bad tiny.net tiny.data.h5
done
