module example.com/dirsync

go 1.22
