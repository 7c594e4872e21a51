/* SPDX-License-Identifier: MIT
 *
 * h5_probe.c - files of others are tasted first, by a child
 *
 * Parent and child talk through a pair of sockets: a request is one packet, its answer one byte, the
 * death of the child the end of the stream.  The child ends when its parent does, however that one
 * ends.  It is forked while other threads may run: the C library takes care of its own locks, and no
 * other thread is within HDF5, which is used by one thread at a time.
 */
#include "io/h5_probe.h"

#include "io/h5_private.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <search.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	CPU_SECONDS = 4,    /* of the processor for one request: some milliseconds are usual */
	WALL_SECONDS = 120, /* a file may lie far away */
	MEMORY_MIB = 1024,  /* on top of what the parent has */
	SMALL = 1 << 20,    /* bytes that are read by the child too, where they are not packed */
};

enum what { OPEN = 'o', OBJECT = 'O', LIST = 'l', BOX = 'b', CLOSE = 'c' };
enum answer { FINE = 'y', TOO_LARGE = 'm' };

struct request {
	enum what what;
	int rank;
	uint64_t offset[AQ_RANK], extent[AQ_RANK];
	char name[AQ_H5_NAME];
};

struct aq_probe {
	char *path;
	int fd;
	pid_t child; /* 0 once it is dead */
	char end[160]; /* what it died of */
	void *known; /* tree of requests that went well: 'O' or 'l' before a name */
};

/* ---- the child ------------------------------------------------------------------------------- */

static void bound(int what, rlim_t most)
{
	struct rlimit limit;
	if (getrlimit(what, &limit) == 0 && most < limit.rlim_cur) {
		limit.rlim_cur = most;
		setrlimit(what, &limit);
	}
}

/* Bytes of address space that a process has now, 0 where the system does not say. */
static rlim_t address_space(void)
{
	unsigned long long pages = 0;
	FILE *file = fopen("/proc/self/statm", "re");
	if (file && fscanf(file, "%llu", &pages) != 1)
		pages = 0;
	if (file)
		fclose(file);
	return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

/* The child dies of what kills it and of nothing else: signals to all of a group are its parent's. */
static void set_bounds(void)
{
	static const int deaths[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGALRM, SIGPROF },
			 parents[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGXCPU };
	sigset_t none;
	for (size_t i = 0; i < sizeof deaths / sizeof *deaths; i++)
		signal(deaths[i], SIG_DFL);
	for (size_t i = 0; i < sizeof parents / sizeof *parents; i++)
		signal(parents[i], SIG_IGN);
	sigemptyset(&none);
	pthread_sigmask(SIG_SETMASK, &none, NULL);
	const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (nowhere >= 0) {
		dup2(nowhere, STDOUT_FILENO);
		dup2(nowhere, STDERR_FILENO);
	}
	bound(RLIMIT_CORE, 0);
	const rlim_t now = address_space();
	if (now > 0)
		bound(RLIMIT_AS, now + ((rlim_t)MEMORY_MIB << 20));
}

static void set_clock(int cpu_seconds, int wall_seconds)
{
	const struct itimerval cpu = { .it_value.tv_sec = cpu_seconds },
			       wall = { .it_value.tv_sec = wall_seconds };
	setitimer(ITIMER_PROF, &cpu, NULL);
	setitimer(ITIMER_REAL, &wall, NULL);
}

/* What the child has open. */
struct taster {
	const char *path;
	struct aq_h5 *file;
	struct aq_h5_data data; /* the dataset of the last box */
	char name[AQ_H5_NAME];
};

/* Elements that are not packed are read by the library itself. */
static int taste_elements(struct aq_h5 *file, const char *name, const struct aq_h5_data *data)
{
	const uint64_t bytes = aq_h5_below(&data->shape, 0);
	if (data->filters || data->layout == H5D_VIRTUAL || bytes == 0 || bytes > SMALL)
		return AQ_OK;
	void *memory = malloc(bytes);
	if (!memory)
		return AQ_ENOMEM;
	const int rc = aq_h5_move(file, name, data, false, NULL, NULL, memory);
	free(memory);
	return rc;
}

static int taste_object(struct taster *t, const char *name)
{
	struct aq_h5_data data = { .id = -1 };
	hid_t id = -1;
	int rc;
	AQ_TRY(aq_h5_object(t->file, name, &id));
	AQ_TRY(aq_h5_attr_taste(t->file, name, id));
	const bool is_data = H5Iget_type(id) == H5I_DATASET;
	H5Oclose(id);
	id = -1;
	if (is_data) {
		AQ_TRY(aq_h5_data_open(t->file, name, &data));
		AQ_TRY(taste_elements(t->file, name, &data));
	}
done:
	aq_h5_data_close(&data);
	aq_h5_shut(id, H5Oclose);
	return rc;
}

static int taste_list(struct taster *t, const char *name)
{
	char **names;
	int count;
	const int rc = aq_h5_list(t->file, name, AQ_H5_GROUP, &names, &count);
	free(names);
	return rc;
}

/* Chunks are only looked up. */
static int taste_box(struct taster *t, const struct request *request)
{
	int rc = AQ_OK;
	if (strcmp(t->name, request->name) != 0) {
		aq_h5_data_close(&t->data);
		t->name[0] = '\0';
		AQ_TRY(aq_h5_data_open(t->file, request->name, &t->data));
		strcpy(t->name, request->name);
	}
	if (t->data.layout == H5D_CHUNKED && t->data.filters && t->data.shape.rank == request->rank)
		aq_h5_find_chunks(&t->data, request->offset, request->extent);
done:
	return rc;
}

static int taste(struct taster *t, const struct request *request)
{
	switch (request->what) {
	case OPEN:
		return aq_h5_open_own(&t->file, t->path, NULL);
	case OBJECT:
		return taste_object(t, request->name);
	case LIST:
		return taste_list(t, request->name);
	case BOX:
		return taste_box(t, request);
	case CLOSE:
		aq_h5_data_close(&t->data);
		aq_h5_close(t->file);
		t->file = NULL;
	}
	return AQ_OK;
}

static _Noreturn void serve(int fd, const char *path)
{
	struct request request;
	struct taster taster = { .path = path, .data.id = -1 };
	set_bounds();
	aq_h5_begin();
	while (recv(fd, &request, sizeof request, 0) > 0) {
		set_clock(CPU_SECONDS, WALL_SECONDS);
		/* Memory that is short only once was not the file's fault. */
		bool large = false;
		if (request.what == OPEN || taster.file)
			large = taste(&taster, &request) == AQ_ENOMEM &&
				taste(&taster, &request) == AQ_ENOMEM;
		set_clock(0, 0);
		const char answer = large ? TOO_LARGE : FINE;
		if (send(fd, &answer, 1, MSG_NOSIGNAL) != 1)
			break;
	}
	_exit(0);
}

/* ---- the parent ------------------------------------------------------------------------------ */

/* Say how the child ended, once it has. */
static void bury(struct aq_probe *probe)
{
	int status = 0;
	while (waitpid(probe->child, &status, 0) < 0 && errno == EINTR)
		;
	probe->child = 0;
	const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	if (signal == SIGPROF || signal == SIGALRM)
		snprintf(probe->end, sizeof probe->end, "the HDF5 library does not come to an end with it");
	else if (signal)
		snprintf(probe->end, sizeof probe->end, "the HDF5 library crashes over it (%s)",
			 strsignal(signal));
	else
		snprintf(probe->end, sizeof probe->end, "the HDF5 library breaks off over it");
}

static int refuse(const struct aq_probe *probe, const char *name)
{
	return aq_fail(AQ_EDATA,
		       "%s: %s%s%s; the file is damaged, or made to do harm: make it anew or fetch it again",
		       probe->path, name, *name ? ": " : "", probe->end);
}

static int ask(struct aq_probe *probe, const struct request *request)
{
	const size_t length = offsetof(struct request, name) + strlen(request->name) + 1;
	char answer = 0;
	ssize_t got = -1;
	if (!probe->child)
		return refuse(probe, request->name);
	if (send(probe->fd, request, length, MSG_NOSIGNAL) == (ssize_t)length)
		while ((got = recv(probe->fd, &answer, 1, 0)) < 0 && errno == EINTR)
			;
	if (got == 1 && answer == FINE)
		return AQ_OK;
	if (got == 1) {
		snprintf(probe->end, sizeof probe->end,
			 "it makes the HDF5 library ask for more than %d MiB of memory", MEMORY_MIB);
		return refuse(probe, request->name);
	}
	bury(probe);
	return refuse(probe, request->name);
}

static int ask_of(struct aq_probe *probe, enum what what, const char *name, struct request *request)
{
	if (strlen(name) >= sizeof request->name)
		return aq_fail(AQ_EUSAGE, "%.80s...: the name is too long", name);
	request->what = what;
	strcpy(request->name, name);
	return ask(probe, request);
}

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* The same is asked once. */
static int ask_once(struct aq_probe *probe, enum what what, const char *name)
{
	char key[AQ_H5_NAME + 1];
	struct request request = { 0 };
	if (!probe)
		return AQ_OK;
	snprintf(key, sizeof key, "%c%s", what, name);
	if (probe->child && tfind(key, &probe->known, compare))
		return AQ_OK;
	const int rc = ask_of(probe, what, name, &request);
	char *kept = rc < 0 ? NULL : strdup(key);
	if (kept && !tsearch(kept, &probe->known, compare))
		free(kept);
	return rc;
}

int aq_probe_object(struct aq_probe *probe, const char *name)
{
	return ask_once(probe, OBJECT, name);
}

int aq_probe_list(struct aq_probe *probe, const char *group)
{
	return ask_once(probe, LIST, group);
}

int aq_probe_box(struct aq_probe *probe, const char *name, int rank, const uint64_t *offset,
		 const uint64_t *extent)
{
	struct request request = { .rank = rank };
	if (!probe)
		return AQ_OK;
	memcpy(request.offset, offset, (size_t)rank * sizeof *offset);
	memcpy(request.extent, extent, (size_t)rank * sizeof *extent);
	return ask_of(probe, BOX, name, &request);
}

static void destroy(struct aq_probe *probe)
{
	if (probe->fd >= 0)
		close(probe->fd);
	if (probe->child) {
		kill(probe->child, SIGKILL);
		bury(probe);
	}
	tdestroy(probe->known, free);
	free(probe->path);
	free(probe);
}

int aq_probe_open(struct aq_probe **out, const char *path)
{
	int pair[2] = { -1, -1 }, rc;
	struct request request = { 0 };
	*out = NULL;
	struct aq_probe *probe = calloc(1, sizeof *probe);
	if (!probe || !(probe->path = strdup(path))) {
		free(probe);
		return aq_fail(AQ_ENOMEM, "out of memory opening %s", path);
	}
	probe->fd = -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) {
		rc = aq_fail(AQ_EIO, "cannot open %s: no sockets: %s", path, strerror(errno));
		goto done;
	}
	probe->fd = pair[0];
	probe->child = fork();
	if (probe->child == 0) {
		close(pair[0]);
		serve(pair[1], path);
	}
	const int err = errno;
	close(pair[1]);
	if (probe->child < 0) {
		probe->child = 0;
		rc = aq_fail(err == ENOMEM ? AQ_ENOMEM : AQ_EIO,
			     "cannot open %s: no child to look at it first: %s", path, strerror(err));
		goto done;
	}
	AQ_TRY(ask_of(probe, OPEN, "", &request));
	*out = probe;
done:
	if (rc < 0)
		destroy(probe);
	return rc;
}

int aq_probe_close(struct aq_probe *probe)
{
	struct request request = { 0 };
	if (!probe)
		return AQ_OK;
	const int rc = ask_of(probe, CLOSE, "", &request);
	destroy(probe);
	return rc;
}
