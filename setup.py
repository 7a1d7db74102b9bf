"""Only what setup.cfg cannot say: the wheel carries the default codebook.

Its one source is taxonomy/rights.yaml at the top of the checkout, outside the
package, so it is copied into the built package here.
"""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithCodebook(build_py):
    def run(self):
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib) / "workbench" / "taxonomy" / "rights.yaml"
            self.copy_file("taxonomy/rights.yaml", str(target))


setup(cmdclass={"build_py": BuildWithCodebook})
