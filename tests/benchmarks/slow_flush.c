/* Each flush takes a millisecond longer, as on a disk that is no memory: preloaded by serving.py (B5b). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static int flushed(const char *name, int file)
{
    const struct timespec millisecond = {0, 1000000};
    int (*flush)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    nanosleep(&millisecond, 0);
    return flush(file);
}

int fsync(int file) { return flushed("fsync", file); }
int fdatasync(int file) { return flushed("fdatasync", file); }
