/* SPDX-License-Identifier: MIT
 *
 * h5_taste.c - the child of a probe: does to files what its parent is about to do to them
 */
#include "io/h5_taste.h"

#include "io/h5_private.h"

#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { SMALL = 1 << 20 }; /* bytes that are read here too, where they are not packed */

int aq_taste_seconds = 4;

/* ---- bounds ---------------------------------------------------------------------------------- */

static void bound(unsigned what, rlim_t most)
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
	static const int deaths[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGPROF },
			 parents[] = { SIGINT,	SIGTERM, SIGHUP, SIGQUIT,
				       SIGUSR1, SIGUSR2, SIGXCPU };
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
		bound(RLIMIT_AS, now + ((rlim_t)AQ_TASTE_MIB << 20));
}

/* ---- files ----------------------------------------------------------------------------------- */

/* An open file. */
struct taster {
	struct taster *next;
	uint32_t number;
	struct aq_h5 *file;
	struct aq_h5_data data; /* the dataset of the last box, and its name */
	char name[AQ_H5_NAME];
};

static struct taster **find(struct taster **list, uint32_t number)
{
	while (*list && (*list)->number != number)
		list = &(*list)->next;
	return list;
}

static void taste_close(struct taster **at)
{
	struct taster *t = *at;
	aq_h5_data_close(&t->data);
	aq_h5_close(t->file);
	*at = t->next;
	free(t);
}

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

/* With the root, which whoever opens a file asks next for. */
static int taste_open(struct taster **list, uint32_t number, const char *path)
{
	struct taster *t = calloc(1, sizeof *t);
	if (!t)
		return AQ_ENOMEM;
	const int rc = aq_h5_open_tasted(&t->file, path);
	if (rc < 0) {
		free(t);
		return rc;
	}
	t->number = number;
	t->data.id = -1;
	t->next = *list;
	*list = t;
	return taste_object(t, "/");
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
static int taste_box(struct taster *t, const struct aq_taste_request *request)
{
	int rc = AQ_OK;
	if (strcmp(t->name, request->name) != 0) {
		aq_h5_data_close(&t->data);
		t->name[0] = '\0';
		AQ_TRY(aq_h5_data_open(t->file, request->name, &t->data));
		strcpy(t->name, request->name);
	}
	if (t->data.layout == H5D_CHUNKED && t->data.filters &&
	    t->data.shape.rank == request->rank)
		aq_h5_find_chunks(&t->data, request->offset, request->extent);
done:
	return rc;
}

static int taste(struct taster **list, const struct aq_taste_request *request)
{
	if (request->what == AQ_TASTE_OPEN)
		return taste_open(list, request->file, request->name);
	/* what cannot be opened here is not asked for: the parent cannot open it either */
	struct taster **at = find(list, request->file);
	if (!*at && request->what == AQ_TASTE_CLOSE)
		return AQ_OK;
	if (!*at)
		_exit(1);
	switch (request->what) {
	case AQ_TASTE_OBJECT:
		return taste_object(*at, request->name);
	case AQ_TASTE_LIST:
		return taste_list(*at, request->name);
	case AQ_TASTE_BOX:
		return taste_box(*at, request);
	case AQ_TASTE_CLOSE:
		taste_close(at);
		break;
	case AQ_TASTE_OPEN:
		break;
	}
	return AQ_OK;
}

/* What the library uses without having set it, or after it has given it back, is nothing that it could
 * get on with here by luck, and the parent not. */
static void spoil_luck(void)
{
	H5garbage_collect();
	H5set_free_list_limits(0, 0, 0, 0, 0, 0);
#ifdef M_PERTURB
	mallopt(M_PERTURB, 0xa5);
#endif
}

_Noreturn void aq_taste_serve(int fd)
{
	/* counts only while the child works */
	const struct itimerval most = { .it_value.tv_sec = aq_taste_seconds };
	static struct aq_taste_request request;
	struct taster *list = NULL;
	set_bounds();
	aq_h5_begin();
	spoil_luck();
	while (recv(fd, &request, sizeof request, 0) > 0) {
		setitimer(ITIMER_PROF, &most, NULL);
		const int rc = taste(&list, &request);
		const char answer = rc == AQ_ENOMEM ? AQ_TASTE_LARGE : AQ_TASTE_FINE;
		if (send(fd, &answer, 1, MSG_NOSIGNAL) != 1)
			break;
	}
	_exit(0);
}
