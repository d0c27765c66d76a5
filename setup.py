"Installs emovoca. Everything it needs to know is in settings.ini; edit that file, not this one."

from configparser import ConfigParser
from pathlib import Path

from setuptools import find_packages, setup

here = Path(__file__).parent
config = ConfigParser(delimiters=['='])
config.read(here / 'settings.ini', encoding='utf-8')
cfg = config['DEFAULT']
readme = here / 'README.md'
# `dev_requirements = …` in settings.ini becomes `pip install 'emovoca[dev]'`, and so for every other
# `<extra>_requirements`
extras = {key.removesuffix('_requirements'): cfg[key].split() for key in cfg if key.endswith('_requirements')}

setup(
    name=cfg['lib_name'],
    version=cfg['version'],
    description=cfg['description'],
    keywords=cfg['keywords'].split(),
    author=cfg['author'],
    author_email=cfg['author_email'],
    url=cfg['git_url'],
    license='Apache-2.0',
    long_description=readme.read_text(encoding='utf-8') if readme.exists() else cfg['description'],
    long_description_content_type='text/markdown',
    packages=find_packages(include=['emovoca', 'emovoca.*']),
    package_data={'': ['*.yml', '*.json', '*.safetensors', '*.npz', 'talker/*']},
    python_requires='>=' + cfg['min_python'],
    install_requires=cfg['requirements'].split(),
    extras_require=extras,
    classifiers=[
        'Development Status :: 3 - Alpha',
        'Intended Audience :: Science/Research',
        'Programming Language :: Python :: 3',
    ],
    entry_points={'console_scripts': cfg['console_scripts'].split(), 'nbdev': ['emovoca=emovoca._modidx:d']},
    zip_safe=False,
)
