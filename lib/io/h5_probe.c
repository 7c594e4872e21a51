/* SPDX-License-Identifier: MIT
 *
 * h5_probe.c - files of others are tasted first: the parent's side
 *
 * The child is forked while other threads may run: the C library takes care of its own locks, and no
 * other thread is within HDF5, which is used by one thread at a time.  It ends when its parent does,
 * however that one ends.
 */
#include "io/h5_probe.h"

#include "io/h5_private.h"
#include "io/h5_taste.h"

#include <errno.h>
#include <search.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE = 120 }; /* seconds for one request: a file may lie far away */

struct aq_probe {
	char *path;
	uint32_t number, child; /* which child has it open, by its number */
	char end[160]; /* what children died of over it, "" if none did */
	void *known; /* tree of requests that went well: a letter before a name */
};

/* The child of this process; one that is forked from it has none yet. */
static struct {
	pid_t owner, id;
	int fd;
	uint32_t number; /* of the child, as they are started */
	int files; /* that are open in this process */
	uint32_t last; /* number of a file */
} child = { .fd = -1 };

/* ---- the child ------------------------------------------------------------------------------- */

static bool is_alive(void)
{
	return child.id > 0 && child.owner == getpid();
}

static int start(const char *path)
{
	int pair[2];
	const struct timeval patience = { .tv_sec = PATIENCE };
	if (child.fd >= 0)
		close(child.fd); /* a copy of that of the process we were forked from */
	child.fd = -1;
	child.id = 0;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return aq_fail(AQ_EIO, "cannot open %s: no sockets: %s", path, strerror(errno));
	const pid_t id = fork();
	if (id == 0) {
		close(pair[0]);
		aq_taste_serve(pair[1]);
	}
	const int err = errno;
	close(pair[1]);
	if (id < 0) {
		close(pair[0]);
		return aq_fail(err == ENOMEM ? AQ_ENOMEM : AQ_EIO,
			       "cannot open %s: no child to look at it first: %s", path, strerror(err));
	}
	setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	child.owner = getpid();
	child.id = id;
	child.fd = pair[0];
	child.number++;
	return AQ_OK;
}

/* End it; the status that it ended with. */
static int stop(int signal)
{
	int status = 0;
	if (signal)
		kill(child.id, signal);
	while (waitpid(child.id, &status, 0) < 0 && errno == EINTR)
		;
	close(child.fd);
	child.fd = -1;
	child.id = 0;
	return status;
}

/* ---- requests -------------------------------------------------------------------------------- */

static int refuse(const struct aq_probe *probe, const char *name, const char *why)
{
	return aq_fail(AQ_EDATA,
		       "%s: %s%s%s; the file is damaged, or made to do harm: make it anew or fetch it again",
		       probe->path, name, *name ? ": " : "", why);
}

enum result { DONE, LARGE, CRASHED, HUNG };

/* Send one request to the child that lives; `end` gets what it died of. */
static enum result send_one(const struct aq_taste_request *request, char *end, size_t room)
{
	const size_t length = offsetof(struct aq_taste_request, name) + strlen(request->name) + 1;
	char answer = 0;
	ssize_t got = -1;
	bool late = false;
	if (send(child.fd, request, length, MSG_NOSIGNAL) == (ssize_t)length) {
		while ((got = recv(child.fd, &answer, 1, 0)) < 0 && errno == EINTR)
			;
		late = got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
	}
	if (got == 1)
		return answer == AQ_TASTE_FINE ? DONE : LARGE;
	const int status = stop(late ? SIGPROF : 0);
	const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	if (signal == SIGPROF)
		snprintf(end, room, "the HDF5 library does not come to an end with it");
	else if (signal)
		snprintf(end, room, "the HDF5 library crashes over it (%s)", strsignal(signal));
	else
		snprintf(end, room, "the HDF5 library breaks off over it");
	return signal == SIGPROF ? HUNG : CRASHED;
}

/* The file is opened by a child that has not got it yet. */
static enum result send_open(struct aq_probe *probe, char *end, size_t room)
{
	static struct aq_taste_request request;
	if (probe->child == child.number)
		return DONE;
	request = (struct aq_taste_request){ .what = AQ_TASTE_OPEN, .file = probe->number };
	strcpy(request.name, probe->path);
	const enum result result = send_one(&request, end, room);
	probe->child = child.number;
	return result;
}

/* A child may die of files that it had before, and memory be short for a moment: a fresh one has the
 * last word. */
static int ask(struct aq_probe *probe, struct aq_taste_request *request)
{
	enum result result = CRASHED;
	char end[sizeof probe->end];
	const char *name = request->what == AQ_TASTE_OPEN ? "" : request->name;
	if (*probe->end)
		return refuse(probe, name, probe->end);
	for (int i = 0; i < 2 && (result == CRASHED || result == LARGE); i++) {
		int rc = is_alive() ? AQ_OK : start(probe->path);
		if (rc < 0)
			return rc;
		request->file = probe->number;
		result = send_open(probe, end, sizeof end);
		if (result == DONE && request->what != AQ_TASTE_OPEN)
			result = send_one(request, end, sizeof end);
		if (result == LARGE)
			stop(SIGKILL);
	}
	if (result == DONE)
		return AQ_OK;
	if (result == LARGE)
		snprintf(end, sizeof end, "the HDF5 library asks for more than %d MiB of memory for it",
			 AQ_TASTE_MIB);
	strcpy(probe->end, end);
	return refuse(probe, name, probe->end);
}

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* The same is asked once; opening the file has asked for its root. */
static int ask_once(struct aq_probe *probe, enum aq_taste what, const char *name)
{
	static struct aq_taste_request request;
	char key[AQ_H5_NAME + 1];
	if (!probe || (what == AQ_TASTE_OBJECT && strcmp(name, "/") == 0 && !*probe->end))
		return AQ_OK;
	if (strlen(name) >= AQ_H5_NAME)
		return aq_fail(AQ_EBUG, "%s: %.60s...: the name is too long", probe->path, name);
	snprintf(key, sizeof key, "%c%s", what == AQ_TASTE_LIST ? 'l' : 'o', name);
	if (!*probe->end && tfind(key, &probe->known, compare))
		return AQ_OK;
	request.what = what;
	strcpy(request.name, name);
	const int rc = ask(probe, &request);
	char *kept = rc < 0 ? NULL : strdup(key);
	if (kept && !tsearch(kept, &probe->known, compare))
		free(kept);
	return rc;
}

int aq_probe_object(struct aq_probe *probe, const char *name)
{
	return ask_once(probe, AQ_TASTE_OBJECT, name);
}

int aq_probe_list(struct aq_probe *probe, const char *group)
{
	return ask_once(probe, AQ_TASTE_LIST, group);
}

int aq_probe_box(struct aq_probe *probe, const char *name, int rank, const uint64_t *offset,
		 const uint64_t *extent)
{
	static struct aq_taste_request request;
	if (!probe)
		return AQ_OK;
	request = (struct aq_taste_request){ .what = AQ_TASTE_BOX, .rank = rank };
	memcpy(request.offset, offset, (size_t)rank * sizeof *offset);
	memcpy(request.extent, extent, (size_t)rank * sizeof *extent);
	strcpy(request.name, name);
	return ask(probe, &request);
}

/* ---- files ----------------------------------------------------------------------------------- */

static void destroy(struct aq_probe *probe)
{
	if (--child.files == 0 && is_alive())
		stop(SIGKILL);
	tdestroy(probe->known, free);
	free(probe->path);
	free(probe);
}

int aq_probe_open(struct aq_probe **out, const char *path)
{
	static struct aq_taste_request request = { .what = AQ_TASTE_OPEN };
	*out = NULL;
	if (strlen(path) >= sizeof request.name)
		return aq_fail(AQ_ENOINPUT, "%.80s...: the name is too long", path);
	struct aq_probe *probe = calloc(1, sizeof *probe);
	if (!probe || !(probe->path = strdup(path))) {
		free(probe);
		return aq_fail(AQ_ENOMEM, "out of memory opening %s", path);
	}
	child.files++;
	probe->number = ++child.last;
	const int rc = ask(probe, &request);
	if (rc < 0)
		destroy(probe);
	else
		*out = probe;
	return rc;
}

int aq_probe_close(struct aq_probe *probe)
{
	static struct aq_taste_request request = { .what = AQ_TASTE_CLOSE };
	int rc = AQ_OK;
	if (!probe)
		return AQ_OK;
	if (*probe->end || (is_alive() && probe->child == child.number))
		rc = ask(probe, &request);
	destroy(probe);
	return rc;
}
