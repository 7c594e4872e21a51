# SPDX-License-Identifier: MIT
#
# A task of a job array that runs out of time saves, is queued again and taken up: the same bytes as if it had
# never been stopped.  One that is cancelled saves, too, and is not queued again.

tiny
cat > trainings.list <<- END
	# comments and empty lines are no trainings

	first   tiny.net  --quiet --batch 10 --steps 40 --seed 1
	second  tiny.net  --quiet --batch 10 --steps 4000 --seed 2 --checkpoint-every 100
END
mkdir bin
printf '#!/bin/sh\necho "$@" >> %s/requeued\n' "$PWD" > bin/scontrol
chmod +x bin/scontrol
PATH=$PWD/bin:$PATH
export SLURM_ARRAY_JOB_ID=7 SLURM_CPUS_PER_TASK=2

task() { # NUMBER: start it, as $job
	SLURM_ARRAY_TASK_ID=$1 bash "$AQ_TOP/pipelines/array.sbatch" trainings.list tiny.data.h5 runs \
		> task.log 2>&1 &
	job=$!
}
ends() { # STATUS
	status=0
	wait $job || status=$?
	[ "$status" -eq "$1" ] || { echo "exit status $status instead of $1"; cat task.log; exit 1; }
}
until_saved() {
	while [ ! -e runs/second.run.h5.part/segment-1.h5 ]; do sleep 0.01; done
}

task 1
ends 0
aquatint-train --quiet --batch 10 --steps 40 --seed 1 tiny.net tiny.data.h5 -o first.run.h5
same first.run.h5 runs/first.run.h5

# out of time: Slurm tells the script alone
task 2
until_saved
kill -USR1 $job
ends 75
grep -qx 'requeue 7_2' requeued
[ ! -e runs/second.run.h5 ]
task 2
ends 0
aquatint-train --quiet --batch 10 --steps 4000 --seed 2 --checkpoint-every 100 tiny.net tiny.data.h5 \
	-o second.run.h5
same second.run.h5 runs/second.run.h5

# cancelled: Slurm tells the script and the trainer
rm -r runs requeued
task 2
until_saved
kill -TERM $job $(cat /proc/$job/task/$job/children)
ends 75
[ ! -e requeued ]
[ -e runs/second.run.h5.part ]

task 3
ends 64
grep -q 'trainings.list has no training number 3' task.log
