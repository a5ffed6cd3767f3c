#include <string.h>
#include "clamp.h"

int main(int count, char **arguments) {
    if (count != 2) return 2;
    if (!strcmp(arguments[1], "below")) return clamp(-3, 0, 9) != 0;
    if (!strcmp(arguments[1], "above")) return clamp(12, 0, 9) != 9;
    if (!strcmp(arguments[1], "within")) return clamp(4, 0, 9) != 4;
    return 2;
}
