"""Python's ftplib at a task: `python-ftplib.py NAME TASK`, the task as JSON. Reports a time of its own as the others do."""
import ftplib
import json
import os
import sys
import time

name, task = sys.argv[1], json.loads(sys.argv[2])


def report(start, per=1):
    print('inner', (time.perf_counter() - start) / per)


def connect():
    ftp = ftplib.FTP()
    ftp.connect(task['host'], task['port'])
    ftp.login(task['user'], task['password'])
    return ftp


def must_be(expected, actual):
    if expected != actual:
        sys.exit(f'{actual} instead of {expected}')


def small_names(count):
    return [f'f{index:04}' for index in range(count)]


def lock_step():
    return task.get('lockStep', task['count'])


def fetch(ftp, remote, local):
    with open(local, 'wb') as file:
        ftp.retrbinary(f'RETR {remote}', file.write)


def download_null():
    total = 0

    def count(chunk):
        nonlocal total
        total += len(chunk)

    connect().retrbinary(f"RETR {task['remote']}", count)
    must_be(task['bytes'], total)


def download_file():
    fetch(connect(), task['remote'], task['local'])


def upload():
    with open(task['local'], 'rb') as file:
        connect().storbinary(f"STOR {task['remote']}", file)


def small_files():
    ftp = connect()
    ftp.voidcmd('TYPE I')
    start = time.perf_counter()
    for small in small_names(task['count']):
        fetch(ftp, f"{task['remote']}/{small}", os.path.join(task['local'], small))
    report(start)


def first_byte():
    start = time.perf_counter()
    ftp = connect()
    ftp.voidcmd('TYPE I')
    ftp.transfercmd(f"RETR {task['remote']}").recv(1)
    report(start)


def metadata():
    ftp = connect()
    ftp.voidcmd('TYPE I')
    names = small_names(lock_step())
    start = time.perf_counter()
    for small in names:
        must_be(task['bytes'], ftp.size(f"{task['remote']}/{small}"))
    report(start, len(names))


def metadata_mixed():
    ftp = connect()
    ftp.voidcmd('TYPE I')
    exchanges = [exchange for index in range(lock_step()) for exchange in mixed_exchanges(index)]
    start = time.perf_counter()
    for line, code, part in exchanges:
        reply = reply_to(ftp, line)
        must_be(code, reply[:3])
        must_be(True, part in reply)
    report(start, len(exchanges))


def mixed_exchanges(index):
    """As programs/mixed-work.ts has them: command, code, and what the reply has in it."""
    directory, small, missing = (f"{task['remote']}/{kind}{index:04}" for kind in ('d', 'f', 'missing'))
    size = str(task['bytes'] + index)
    modified = time.strftime('%Y%m%d%H%M%S', time.gmtime(1577836800 + 61 * index))
    yield f'MKD {directory}', '257', f'd{index:04}'
    yield f'SIZE {small}', '213', size
    yield f'MDTM {small}', '213', modified
    if task.get('mlst'):
        yield f'MLST {small}', '250', f'f{index:04}'
    yield f"{('SIZE', 'MDTM', 'DELE', 'RMD')[index % 4]} {missing}", '550', ''
    if index % 2 == 0:
        yield f'DELE {small}', '250', ''
    else:
        yield f'SITE CHMOD {0o600 + 8 * (index % 8):o} {small}', '200', ''
    yield f'RMD {directory}', '250', ''


def reply_to(ftp, line):
    try:
        return ftp.sendcmd(line)
    except ftplib.error_perm as refusal:
        return str(refusal)


def list_one():
    lines = []
    connect().dir(task['remote'], lines.append)
    must_be(task['count'], len(lines))


{
    'download-null': download_null,
    'download-file': download_file,
    'upload': upload,
    'small-files': small_files,
    'first-byte': first_byte,
    'metadata': metadata,
    'metadata-mixed': metadata_mixed,
    'list': list_one,
}[name]()
